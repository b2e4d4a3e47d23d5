"""Starts for Newton's method in Fix(G): random ones of every size, and ones near the limits that are to be expected."""

from __future__ import annotations

from itertools import product

import numpy as np

from symrelu.finding.scaling import Floats, Scaled

LOWEST = 1.2  # magnitudes go down to d**-LOWEST


def starts(scaled: Scaled, d: float, count: int, rng: np.random.Generator, near_limits: float = 0.35) -> Floats:
    """``count`` starts in scaled coordinates at dimension d, a share ``near_limits`` of them near expected limits.

    The others: own entries off + delta with delta in {-1, 0, 1, normal} and magnitudes log-uniform from d**-1.2 to 3;
    a third of them plain standard normal.
    """
    near = int(near_limits * count)
    plain = (count - near) // 3
    parts = [
        rng.standard_normal((plain, scaled.dim)),
        _magnitudes(scaled, d, count - near - plain, rng),
        near_limit_starts(scaled, d, near, rng),
    ]
    return np.concatenate(parts)


def _log_uniform(rng: np.random.Generator, low: float, high: float, shape: tuple[int, ...]) -> Floats:
    result: Floats = np.exp(rng.uniform(np.log(low), np.log(high), shape)) * rng.choice([-1.0, 1.0], shape)
    return result


def _magnitudes(scaled: Scaled, d: float, count: int, rng: np.random.Generator) -> Floats:
    coordinates = scaled.space.coordinates
    roots = scaled.roots(np.array([d]))[0]
    z = _log_uniform(rng, d**-LOWEST, 3.0, (count, scaled.dim))
    _second_layer(scaled, z, rng)
    for i, c in enumerate(coordinates):
        if c.kind == "own":
            delta = rng.choice([-1.0, 0.0, 1.0, 2.0], count)
            delta = np.where(delta == 2.0, rng.standard_normal(count), delta)
            z[:, i] = z[:, i + 1] / roots[i + 1] + delta
    return z


def _second_layer(scaled: Scaled, z: Floats, rng: np.random.Generator) -> None:
    """Where the second layer is free: half of its entries at +-1."""
    part = z[:, scaled.space.dim :]
    part[...] = np.where(rng.random(part.shape) < 0.5, np.sign(part), part)


def near_limit_starts(scaled: Scaled, d: float, count: int, rng: np.random.Generator) -> Floats:
    """Starts near limits: growing blocks at +-1; every other row either at +-1, or small with entries of any size, or
    of norm O(1) in any direction of the fixed columns and, now and then, spread over the growing ones.

    In three of four the growing rows answer the others as they do at a critical point for large d: the rows of W sum to
    those of V in each column. Newton's method then solves the limit problem of the other rows (kappa_inf).
    """
    isotropy = scaled.space.isotropy
    coordinates = scaled.space.coordinates
    growing = [not isotropy.orbit_size(c).is_constant for c in isotropy.cols]
    z = _log_uniform(rng, d**-LOWEST, d**-0.2, (count, scaled.dim))
    _second_layer(scaled, z, rng)
    for row, member in enumerate(scaled.members[: len(isotropy.rows)]):
        orbit = isotropy.rows[row]
        own = [int(i) for i in member if _is_own(scaled, int(i))]
        if not isotropy.orbit_size(orbit).is_constant:
            for place in own:
                z[:, place] = rng.choice([-1.0, 1.0], count)
            continue
        mode = rng.integers(0, 4 if own else 3, count)
        direction = rng.standard_normal((count, len(member)))
        spread = rng.random(count) < 0.25
        for position, i in enumerate(member):
            if growing[coordinates[i].col]:
                direction[:, position] *= spread
        size = np.where(mode == 0, d ** -rng.uniform(0.3, 1.7, count), np.exp(rng.uniform(-1.5, 0.5, count)))
        noise = np.where(rng.random(count) < 0.5, 0.1, 0.0)[:, None]
        z[:, member] = np.where((mode < 3)[:, None], direction * size[:, None] + noise * z[:, member], z[:, member])
        for place in own:
            z[mode == 3, place] = rng.choice([-1.0, 1.0], int(np.sum(mode == 3)))
    answered = rng.random(count) < 0.75
    z[answered] = _answered(scaled, z[answered], d)
    return z


def starts_near(scaled: Scaled, limit: Floats, d: float, count: int, rng: np.random.Generator) -> Floats:
    """``count`` starts near one limit (of a_1, a_2, ... without a second layer): corrections of any size up to d**-0.2,
    rows of constant size that are 0 in the limit with a norm of d**-2 to d**-0.2, and in three of four the growing
    rows' answer to the others.
    """
    isotropy = scaled.space.isotropy
    roots = scaled.roots(np.array([d]))[0]
    z: Floats = limit * roots + _log_uniform(rng, d**-LOWEST, d**-0.2, (count, scaled.dim))
    for orbit, member in zip(isotropy.rows, scaled.members, strict=False):
        if isotropy.orbit_size(orbit).is_constant and not np.any(limit[member]):
            z[:, member] = small_rows(len(member), d, count, rng)
    answered = rng.random(count) < 0.75
    z[answered] = _answered(scaled, z[answered], d)
    return z


def small_rows(width: int, d: float, count: int, rng: np.random.Generator) -> Floats:
    """Rows in scaled coordinates of any direction and of norms from d**-2 to d**-0.2."""
    direction = rng.standard_normal((count, width)) * d ** -rng.uniform(0, 0.6, (count, width))
    direction /= np.linalg.norm(direction, axis=1)[:, None]
    result: Floats = direction * d ** -rng.uniform(0.2, 2.0, (count, 1))
    return result


def _answered(scaled: Scaled, z: Floats, d: float) -> Floats:
    """With the entries of growing rows off the diagonal equal in each column, so that the rows sum to those of I_d."""
    isotropy, coordinates = scaled.space.isotropy, scaled.space.coordinates
    roots = scaled.roots(np.array([d]))[0, : len(coordinates)]
    x = z[:, : len(coordinates)] / roots
    sizes = [float(isotropy.orbit_size(o).at(d)) for o in isotropy.rows]
    grows = [not isotropy.orbit_size(o).is_constant for o in isotropy.rows]
    for col in range(len(isotropy.cols)):
        here = [i for i, c in enumerate(coordinates) if c.col == col]
        rest, rows = np.ones(len(z)), 0.0
        for i in here:
            c = coordinates[i]
            if not grows[c.row]:
                others = sizes[c.row] - 1 if c.kind == "other" else 1.0 if c.kind == "own" else sizes[c.row]
                rest -= others * x[:, i]
            elif c.kind == "own":
                rest -= x[:, i]
            else:
                rows += sizes[c.row] - 1 if c.kind == "other" else sizes[c.row]
        for i in here:
            if grows[coordinates[i].row] and coordinates[i].kind != "own":
                x[:, i] = rest / rows
    result = z.copy()
    result[:, : len(coordinates)] = x * roots
    return result


def _is_own(scaled: Scaled, i: int) -> bool:
    """Whether the coordinate is the own one of a block, also of a block of size 1."""
    isotropy, c = scaled.space.isotropy, scaled.space.coordinates[i]
    if c.kind != "all":
        return c.kind == "own"
    return isotropy.rows[c.row].block is not None and isotropy.rows[c.row] == isotropy.cols[c.col]


def sign_patterns(scaled: Scaled, d: float) -> Floats:
    """Every diag(+-1) on the blocks, with all other entries of the leading size of known families: 2/d off the diagonal
    in columns of the sign -1.
    """
    coordinates = scaled.space.coordinates
    owners = [i for i in range(len(coordinates)) if _is_own(scaled, i)]
    roots = scaled.roots(np.array([d]))[0]
    points = []
    for signs in product((1.0, -1.0), repeat=len(owners)):
        x = np.ones(scaled.dim)
        column_sign = {coordinates[i].col: s for i, s in zip(owners, signs, strict=True)}
        for i, c in enumerate(coordinates):
            x[i] = (1 - column_sign.get(c.col, 1.0)) / d + 0.1 / d**1.5 * (1 + i)
        for i, s in zip(owners, signs, strict=True):
            x[i] = s
        points.append(x * roots)
    return np.array(points)
