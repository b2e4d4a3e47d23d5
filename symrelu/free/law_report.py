"""A law with numbers, or with symbols left open, as JSON, text or LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp

from symrelu.columns import aligned
from symrelu.errors import BadInput
from symrelu.free.closed_form import antiderivative
from symrelu.free.elimination import G, Z, g
from symrelu.free.rational import RationalLaw
from symrelu.free.spectrum import MOST_DIGITS, OnAtom, Spectrum, Unbounded

MOST_MOMENTS, MOST_ROWS = 60, 5000
INDEX = "P(X < x) = 1 - Im F(x + i0, G(x + i0))/pi"


def point_data(spectrum: Spectrum, x: str, digits: int) -> dict[str, Any]:
    """Density and distribution function at one x; the density is None on an atom and where it is infinite, with a
    remark.
    """
    data: dict[str, Any] = {"x": x, "density": None, "cdf": spectrum.cdf(x, digits)}
    try:
        data["density"] = spectrum.density(x, digits)
    except OnAtom:
        data["remark"] = "an atom"
    except Unbounded:
        data["remark"] = "the density is infinite here"
    return data


def law_json(law: RationalLaw, points: Sequence[str], digits: int) -> dict[str, Any]:
    """The spectrum of a law as plain data. BadInput unless 1 <= digits <= 10000, and for points that are no numbers."""
    if not 1 <= digits <= MOST_DIGITS:
        raise BadInput(f"{digits} digits were asked for; give 1 to {MOST_DIGITS}")
    spectrum = law.spectrum
    atoms = [{"x": str(x), "mass": str(mass)} for x, mass in spectrum.atoms]
    return {
        "law": law.name,
        "points": [point_data(spectrum, x, digits) for x in points],
        "edges": [edge.decimal(digits) for edge in spectrum.edges],
        "atoms": atoms,
        "index": spectrum.index(digits),
        "mean": str(law.mean),
        "variance": str(law.variance),
        "R": str(law.R),
        "polynomial": str(law.polynomial),
    }


def law_text(law: RationalLaw, data: dict[str, Any]) -> str:
    """What :func:`law_json` says, line by line."""
    edges = data["edges"]
    bands = [f"[{a}, {b}]" for a, b in zip(edges[::2], edges[1::2], strict=True)]
    atoms = [f"{atom['x']} of mass {atom['mass']}" for atom in data["atoms"]]
    lines = [
        repr(law),
        f"  R(g)     = {data['R']}",
        f"  L(G, z)  = {data['polynomial']}",
        f"  mean {data['mean']}, variance {data['variance']}",
        f"  bands    {', '.join(bands)}",
        f"  atoms    {', '.join(atoms) or 'none'}",
        f"  index    {data['index']}   (mass of (-infinity, 0))",
    ]
    if data["points"]:
        rows = [("x", "density", "cdf")]
        rows += [(p["x"], p["density"] or p["remark"], p["cdf"]) for p in data["points"]]
        lines += ["", *(f"  {line}" for line in aligned(rows))]
    if "sample" in data:
        sample = data["sample"]
        lines += [
            "",
            f"  a random {sample['n']} x {sample['n']} matrix (seed {sample['seed']}): index {sample['index']},"
            f" smallest and largest eigenvalue {sample['smallest']}, {sample['largest']};",
            f"  largest difference of the distribution functions {sample['largest_cdf_difference']}",
        ]
    return "\n".join(lines)


def sampled(law: RationalLaw, n: int, seed: int) -> dict[str, Any]:
    """One random n x n matrix against the law: its index, its extreme eigenvalues and the Kolmogorov distance.

    Eigenvalues that rounding (relative to the largest one) cannot tell from an atom count as the atom, so that zeros
    do not come out as negative ones. BadInput where that blurs eigenvalues near 0 which are no zeros, and for sizes
    that do not fit the law (:meth:`symrelu.free.construction.Construction.draw`).
    """
    if not 2 <= n <= MOST_ROWS:
        raise BadInput(f"a sample of {n} rows was asked for; give 2 to {MOST_ROWS}")
    spectrum = law.spectrum
    values = np.linalg.eigvalsh(law.sample_matrix(n, np.random.default_rng(seed)))
    jump, largest = np.zeros(n), abs(values).max()
    blur = (8 + n**0.5) * np.finfo(float).eps * largest
    zeros = n * sum(float(mass) for x, mass in spectrum.atoms if x == 0)
    lost = round((abs(values) < blur).sum() - zeros)
    if lost > max(2, n / 50):
        raise BadInput(
            f"of {n} eigenvalues {lost} are not 0 but too small for floats beside the largest, {largest:.3g};"
            " give sigma**2 and eps of closer size, or leave --sample out"
        )
    for x, mass in spectrum.atoms:
        at = abs(values - float(x)) < blur
        values[at], jump[at] = float(x), float(mass)
    values.sort()
    after, before = np.searchsorted(values, values, "right") / n, np.searchsorted(values, values, "left") / n
    cdf = spectrum.cdf_array(values)
    distance = max(abs(cdf - after).max(), abs(cdf - jump - before).max())
    return {
        "n": n,
        "seed": seed,
        "index": f"{(values < 0).mean():.6g}",
        "smallest": f"{values[0]:.6g}",
        "largest": f"{values[-1]:.6g}",
        "largest_cdf_difference": f"{distance:.3g}",
    }


def polynomial_data(law: RationalLaw, moments: int) -> dict[str, Any]:
    """R, L(G, z), F(z, G) of the distribution function (:mod:`symrelu.free.closed_form`) and the first moments and free
    cumulants, with whatever symbols are open.
    """
    if not 0 <= moments <= MOST_MOMENTS:
        raise BadInput(f"{moments} moments were asked for; give 0 to {MOST_MOMENTS}")
    return {
        "law": law.name,
        "R": str(law.R),
        "polynomial": str(law.polynomial),
        "degree": int(sp.degree(law.polynomial, G)),
        "antiderivative": str(antiderivative(law)),
        "distribution": INDEX,
        "moments": [str(sp.factor(m)) for m in law.moments(moments)[1:]],
        "free_cumulants": [str(sp.factor(k)) for k in law.free_cumulants(moments)],
    }


def polynomial_text(law: RationalLaw, data: dict[str, Any]) -> str:
    """What :func:`polynomial_data` says, line by line."""
    L = sp.collect(law.polynomial, G, lambda c: sp.collect(c, Z))
    lines = [repr(law), f"  R(g) = {data['R']}", f"  L(G, z) = {L}", f"  degree {data['degree']} in G"]
    lines += [f"  F(z, G) = {data['antiderivative']}", f"  {INDEX}, at x = 0 the index"]
    lines += [f"  m_{i} = {m}" for i, m in enumerate(data["moments"], 1)]
    lines += [f"  k_{i} = {k}" for i, k in enumerate(data["free_cumulants"], 1)]
    return "\n".join(lines)


def polynomial_latex(law: RationalLaw) -> str:
    """R, L, F and what F is for, as an align* environment."""
    return _align(_formulas(law))


def law_latex(law: RationalLaw, data: dict[str, Any]) -> str:
    """The same for a law with numbers, and its bands, atoms and index (decimals of :func:`law_json`)."""
    edges = [_decimal(edge) for edge in data["edges"]]
    bands = [f"[{a}, {b}]" for a, b in zip(edges[::2], edges[1::2], strict=True)]
    lines = [*_formulas(law), r"\operatorname{supp} &= " + r" \cup ".join(bands) if bands else r"\text{no bands} &"]
    lines += [f"P(X = {sp.latex(atom.x)}) &= {sp.latex(atom.mass)}" for atom in law.atoms]
    lines += [f"P(X < 0) &= {_decimal(data['index'])}"]
    for point in data["points"]:
        x = _decimal(point["x"])
        lines += [f"P(X \\le {x}) &= {_decimal(point['cdf'])}"]
        lines += [f"\\rho({x}) &= {_decimal(point['density'])}"] if point["density"] else []
    return _align(lines)


def _decimal(number: str) -> str:
    base, e, exponent = number.partition("e")
    return rf"{base} \cdot 10^{{{int(exponent)}}}" if e else number


def _align(lines: Sequence[str]) -> str:
    return "\n".join([r"\begin{align*}", *(f"  {line} \\\\" for line in lines[:-1]), f"  {lines[-1]}", r"\end{align*}"])


def _formulas(law: RationalLaw) -> list[str]:
    names = {s: {"phi": r"\phi", "eps": r"\epsilon", "sigma": r"\sigma"}.get(s.name, s.name) for s in law.symbols}
    R = sp.latex(law.R.subs(g, G), symbol_names=names)
    L = sp.latex(sp.collect(law.polynomial, G), symbol_names=names)
    F = sp.latex(antiderivative(law), symbol_names=names)
    return [
        f"R(G) &= {R}",
        f"0 &= {L}",
        f"F(z, G) &= {F}",
        r"P(X < x) &= 1 - \tfrac{1}{\pi} \operatorname{Im} F(x + i0, G(x + i0))",
    ]


__all__ = [
    "law_json",
    "law_latex",
    "law_text",
    "point_data",
    "polynomial_data",
    "polynomial_latex",
    "polynomial_text",
    "sampled",
]
