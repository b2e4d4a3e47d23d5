"""Densities and distribution functions at many points, in floats: batched companion matrices."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from symrelu.free.closed_form import primitive_at
from symrelu.free.elimination import G, Z

if TYPE_CHECKING:
    from symrelu.free.levy import LevySpectrum
    from symrelu.free.spectrum import Spectrum
    from symrelu.free.tracked import TrackedSpectrum


def float_rows(polynomial: sp.Expr) -> list[list[float]]:
    """The coefficients of L, highest power of G first, each in z, highest power first."""
    return [[float(c) for c in sp.Poly(row, Z).all_coeffs()] for row in sp.Poly(polynomial, G).all_coeffs()]


def coefficient_arrays(rows: list[list[float]], zs: np.ndarray) -> np.ndarray:
    """The coefficients of L(., z), highest power of G first, at every z: shape (degree + 1, len(zs))."""
    return np.array([np.polyval(row, zs) for row in rows])


def all_roots(coefficients: np.ndarray) -> np.ndarray:
    """The roots of each column's polynomial: shape (columns, degree); inf where a leading coefficient is 0."""
    degree = coefficients.shape[0] - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        top = coefficients[1:] / coefficients[0]
    companion = np.zeros((coefficients.shape[1], degree, degree), dtype=top.dtype)
    companion[:, 0, :] = -top.T
    companion[:, np.arange(1, degree), np.arange(degree - 1)] = 1
    usable = np.isfinite(top).all(axis=0)
    roots = np.full((coefficients.shape[1], degree), np.inf, dtype=complex)
    if usable.any():
        roots[usable] = np.linalg.eigvals(companion[usable])
    for i in np.flatnonzero(~usable):
        found = np.roots(coefficients[:, i])
        roots[i, : len(found)] = found
    return roots


def inside(spectrum: Spectrum, xs: np.ndarray) -> np.ndarray:
    """Whether each x lies inside a band."""
    return np.searchsorted(spectrum.edge_floats, xs) % 2 == 1


def mark_atoms(spectrum: Spectrum, xs: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``values`` with nan where x is an atom, inf where the density is infinite."""
    for x, _ in spectrum.atoms:
        values[xs == float(x)] = np.nan
    for x in spectrum.poles():
        values[xs == float(x)] = np.inf
    return values


def levy_density(spectrum: LevySpectrum, xs: np.ndarray) -> np.ndarray:
    """rho by the one-pair theorem: inside a band the only root in the lower half plane."""
    xs = np.atleast_1d(np.asarray(xs, dtype=float))
    values = np.zeros_like(xs)
    within = inside(spectrum, xs)
    if within.any():
        roots = all_roots(coefficient_arrays(spectrum.float_rows, xs[within]))
        values[within] = -np.min(np.where(np.isfinite(roots), roots.imag, 0), axis=1) / np.pi
    return mark_atoms(spectrum, xs, values)


def levy_cdf(spectrum: LevySpectrum, xs: np.ndarray) -> np.ndarray:
    """The mass of (-infinity, x]: the closed form inside the bands, constants (certified) between them."""
    from symrelu.free.spectrum import to_digits

    xs = np.atleast_1d(np.asarray(xs, dtype=float))
    jumps = [(float(t.mid()), float(c.mid())) for t, c in spectrum.parts.jumps(96)]
    a, v = float(spectrum.parts.a), float(spectrum.parts.v)
    values = np.zeros_like(xs)
    within = inside(spectrum, xs)
    if within.any():
        x = xs[within]
        roots = all_roots(coefficient_arrays(spectrum.float_rows, x))
        pick = np.argmin(np.where(np.isfinite(roots), roots.imag, 0), axis=1)
        G0 = roots[np.arange(len(x)), pick]
        F = primitive_at(x, G0, a, v, jumps, np.log)
        values[within] = 1 - F.imag / np.pi
    outside = np.flatnonzero(~within)
    marks = sorted({*spectrum.edge_floats, *(float(x) for x, _ in spectrum.atoms)})
    for place in range(len(marks) + 1):
        low = marks[place - 1] if place else -np.inf
        high = marks[place] if place < len(marks) else np.inf
        here = outside[(xs[outside] >= low) & (xs[outside] < high)]
        if len(here) == 0:
            continue
        if place in (0, len(marks)):
            values[here] = float(place > 0)
        else:
            middle = Fraction((low + high) / 2)
            values[here] = float(to_digits(partial(spectrum._mass_below, middle), 16))
    return values


def tracked_density(spectrum: TrackedSpectrum, xs: np.ndarray) -> np.ndarray:
    """rho by following all roots down from far above, the nearest at every step; the steps halve while the choice is
    not clear. A point of every band is compared with the certified value (ArithmeticError if it differs).
    """
    xs = np.atleast_1d(np.asarray(xs, dtype=float))
    values = np.zeros_like(xs)
    within = inside(spectrum, xs)
    checks = [spectrum.clear_point(*band) for band in spectrum.bands]
    points = np.concatenate([xs[within], [float(x) for x in checks]])
    if len(points):
        found = _followed(spectrum, points)
        for x, value in zip(checks, found[len(points) - len(checks) :], strict=True):
            proved = float(spectrum._density(x, 96).mid())
            if abs(proved - value) > 1e-7 * max(1.0, proved):
                raise ArithmeticError(f"the branch was lost in floats near {float(x)}: {value} against {proved}")
        values[within] = found[: len(points) - len(checks)]
    return mark_atoms(spectrum, xs, values)


def _followed(spectrum: TrackedSpectrum, xs: np.ndarray) -> np.ndarray:
    rows = spectrum.float_rows
    scale = float(spectrum.branch.bound)
    height, ratio = 16 * scale + 0 * xs, np.full_like(xs, 0.6)
    z = xs + 1j * height
    G0 = 1 / z
    roots = all_roots(coefficient_arrays(rows, z))
    G0 = roots[np.arange(len(xs)), np.argmin(abs(roots - G0[:, None]), axis=1)]
    open_ = np.ones(len(xs), dtype=bool)
    while open_.any():
        here = np.flatnonzero(open_)
        new = height[here] * ratio[here]
        roots = all_roots(coefficient_arrays(rows, xs[here] + 1j * new))
        away = abs(roots - G0[here][:, None])
        order = np.argsort(away, axis=1)
        each = np.arange(len(here))
        nearest = away[each, order[:, 0]]
        second = away[each, order[:, 1]] if roots.shape[1] > 1 else np.full(len(here), np.inf)
        clear = (nearest < 0.3 * second) | (ratio[here] > 0.97)
        moved = here[clear]
        G0[moved] = roots[each, order[:, 0]][clear]
        height[moved] = new[clear]
        least = np.where(height[moved] > 0.02 * scale, 0.5, 0.05)  # near the axis G hardly changes with the height
        ratio[moved] = np.maximum(least, ratio[moved] ** 1.5)
        ratio[here[~clear]] = np.sqrt(ratio[here[~clear]])
        open_[moved] = height[moved] > 1e-9 * scale
    roots = all_roots(coefficient_arrays(rows, xs.astype(complex)))
    away = np.where(roots.imag <= 1e-12, abs(roots - G0[:, None]), np.inf)
    return -roots[np.arange(len(xs)), np.argmin(away, axis=1)].imag / np.pi


def tracked_cdf(spectrum: TrackedSpectrum, xs: np.ndarray) -> np.ndarray:
    """The mass of (-infinity, x]: the certified mass left of each band, and inside it the density summed in
    x = middle + half sin(theta), scaled to the certified mass of the band.
    """
    from symrelu.free.tracked import atom_mark

    xs = np.atleast_1d(np.asarray(xs, dtype=float))
    values = np.zeros_like(xs)
    for x, mass in spectrum.atoms:
        values += float(mass) * (xs >= float(x))
    before = 0.0
    for low, high in spectrum.bands:
        a, b = low.value, high.value
        k = spectrum.marks.index(high) + 1
        mass = float(spectrum.mass_left_of_gap(k, 64).mid())
        mass -= sum(float(m) for x, m in spectrum.atoms if spectrum.marks.index(atom_mark(x)) < k)
        theta = np.linspace(-np.pi / 2, np.pi / 2, 801)
        middles = (theta[1:] + theta[:-1]) / 2  # the ends of the band are left out: the density may be infinite there
        weight = np.nan_to_num(tracked_density(spectrum, (a + b) / 2 + (b - a) / 2 * np.sin(middles))) * np.cos(middles)
        sums = np.concatenate([[0], np.cumsum(weight)])
        share = np.interp(np.arcsin(np.clip((2 * xs - a - b) / (b - a), -1, 1)), theta, sums / sums[-1])
        values += (mass - before) * share
        before = mass
    return values


__all__ = [
    "all_roots",
    "coefficient_arrays",
    "float_rows",
    "inside",
    "levy_cdf",
    "levy_density",
    "mark_atoms",
    "tracked_cdf",
    "tracked_density",
]
