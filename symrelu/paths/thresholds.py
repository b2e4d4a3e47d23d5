"""Thresholds: every d at which a Hessian eigenvalue of a family changes sign, found along its path and refined.

The blocks of the first layer suffice: index and nullity modulo the rescaling zeros do not depend on whether the second
layer is trained. On a mesh along the path (the nodes of the trace, and points up to 10**8 times the start) every
eigenvalue is known with its derivative; between two points of the mesh the cubic through both must show no more changes
of sign than the ends do, and no close approach to 0, else the interval is halved. This finds what a mesh can find:
that nothing was missed is not proved here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

from symrelu.errors import BadInput, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.paths.eigenvalues import Moving, moving, moving_at_node, zeros_of
from symrelu.paths.equations import meaningless_below
from symrelu.paths.path import Path, exact
from symrelu.paths.threshold_result import Threshold, Thresholds
from symrelu.paths.trace import Node, hermite
from symrelu.symmetry.isotypic import Component

if TYPE_CHECKING:
    from symrelu.families import Family

MAX_DIGITS = 1000
LARGEST_D = 10**300  # the mesh is in floats
MESH_DIGITS = 25
LARGE = (10**8, 10**5, 10**3, 30, 5, 2)  # times the start of the path: where it is sampled above
STEP = 0.3  # of the mesh in log d on the path of a constant family
MARGIN = 1e-6  # relative distance from the end of the path, and from a d at which a component appears
CLOSE = 0.25  # an approach to 0 by more than this part of the smaller end is looked into
NARROW = 1e-7  # an interval that is not halved further


@dataclass(frozen=True)
class _Sample:
    """The eigenvalues of all components at one log d."""

    u: float
    components: dict[Component, Moving]


_Place = tuple[Component, int, tuple[float, float]]  # which eigenvalue, and the interval of log d


def thresholds(
    family: Family,
    digits: int = 20,
    down_to: Fraction | None = None,
    say: Callable[[str], None] | None = None,
) -> Thresholds:
    """Every change of sign of an eigenvalue along the path from large d down to ``down_to``, or as far as it goes.

    By default down to where a block has two rows (below, its isotypic components have no meaning), where a block of the
    type that was asked for has one, or to the end of the path. Each threshold is bracketed by two fractions at which
    the eigenvalue was found to have opposite signs.
    Raises BadInput for digits or a bound that make no sense, NoFamily if there is no such family.
    """
    if not 1 <= digits <= MAX_DIGITS:
        raise BadInput(f"{digits} digits were asked for; give a number between 1 and {MAX_DIGITS}")
    path = family.path(say)
    if down_to is not None:
        path.check(down_to)
        if down_to > LARGEST_D:
            raise BadInput("the bound down_to is larger than 1e300; thresholds lie at small d: give a smaller bound")
    lowest, because = _lowest(path, down_to)
    mesh = [_sample(path, u) if isinstance(u, float) else _at_node(path, u) for u in _mesh(path, lowest, say)]
    crossings: list[_Place] = []
    approaches: list[_Place] = []
    for above, below in zip(mesh, mesh[1:], strict=False):
        for kind, component, index, bracket in _scan(path, above, below):
            (crossings if kind == "crossing" else approaches).append((component, index, bracket))
    found = []
    for component, index, bracket in crossings:
        if say:
            say(f"a threshold of {component.name} near d = {exp(bracket[1]):.5g}")
        found.append(_refined(path, component, index, bracket, digits))
    touching = [t for c, i, b in approaches if (t := _touching(path, c, i, b, digits)) is not None]
    return Thresholds(
        key=family.key,
        digits=digits,
        thresholds=tuple(sorted(found, key=lambda t: -t.d)),
        touching=tuple(sorted(touching, key=lambda t: -t.d)),
        followed_down_to=lowest,
        stopped_because=because,
    )


def _lowest(path: Path, down_to: Fraction | None) -> tuple[Fraction | Scalar, str]:
    """How far down to look, and why no further."""
    two = meaningless_below(path.isotropy, 2)
    lowest: Fraction | Scalar = Fraction(1) if two is None else two[0]
    because = "the block sizes have no meaning below"
    if two is not None:
        because = (
            f"block {two[1] + 1} of size {path.isotropy.blocks[two[1]]} has two rows there: below, its isotypic "
            "components have no meaning"
        )
    asked = meaningless_below(path.family.key.isotropy)
    if asked is not None and asked[0] >= lowest:  # the family has more symmetry than was asked for
        size = path.family.key.isotropy.blocks[asked[1]]
        lowest, because = asked[0], f"block {asked[1] + 1} of size {size} of the type asked for has one row there"
    if down_to is not None and down_to > lowest:
        lowest, because = down_to, "asked for no further"
    if not path.is_constant and path.trace.near(float(lowest) * (1 + MARGIN)) is None:
        end = path.end()
        if exact(end.d) >= lowest:
            lowest, because = end.d, end.reason
    return lowest, because


def _mesh(path: Path, lowest: Fraction | Scalar, say: Callable[[str], None] | None) -> Iterator[float | Node]:
    """Where to look, d descending: far above the start (as log d), nodes of the trace, down to just above the end."""
    bottom = log(float(lowest)) + MARGIN
    start = path.start_d if not path.is_constant else max(30.0, 2 * float(lowest))
    points: list[tuple[float, float | Node]] = [(u, u) for u in (log(start) + log(factor) for factor in LARGE)]
    if path.is_constant:
        points += [(u, u) for u in np.arange(log(start), bottom, -STEP).tolist()]
    else:
        path.trace.near(exp(bottom))
        before_fold = takewhile(lambda node: node.tangent[-1] < 0, path.trace.nodes)
        points += [(float(node.position[-1]), node) for node in before_fold]
    for n in path.isotropy.blocks:  # just above where a component appears
        for size in (2, 3):
            if not n.is_constant and (size - n.const) / n.slope > exact(lowest):
                u = log(float((size - n.const) / n.slope)) + MARGIN
                points.append((u, u))
    points.append((bottom, bottom))
    for u, point in sorted(points, key=lambda p: -p[0]):
        if u < bottom:
            return
        if say:
            say(f"eigenvalues at d = {exp(u):.5g}")
        yield point


def _at_node(path: Path, node: Node) -> _Sample:
    return _kept(path, node, float(node.position[-1]), lambda: moving_at_node(path, node))


def _kept(path: Path, where: float | Node, u: float, find: Callable[[], list[Moving]]) -> _Sample:
    """The eigenvalues there, found once a path: the next search, with another bound or a proof, meets them again."""
    if where not in path.samples:
        path.samples[where] = _Sample(u, {m.component: m for m in find()})
    found: _Sample = path.samples[where]
    return found


def _arithmetic(u: float, digits: int = MESH_DIGITS) -> MpmathArithmetic:
    return MpmathArithmetic(digits + 3 * max(1, int(u / log(10)) + 1))


def _sample(path: Path, u: float) -> _Sample:
    arithmetic = _arithmetic(u)
    return _kept(path, u, u, lambda: moving(path, arithmetic, arithmetic.context.exp(u)))


def _scan(path: Path, above: _Sample, below: _Sample) -> Iterator[tuple[str, Component, int, tuple[float, float]]]:
    """The changes of sign and the unresolved approaches to 0 between two points of the mesh, halving where need be."""
    found, doubtful = [], False
    grid = np.linspace(0, 1, 33)
    length = below.u - above.u
    for component, first in above.components.items():
        second = below.components.get(component)
        if second is None or len(second.values) != len(first.values):
            continue
        for i, (f, g) in enumerate(zip(first.values, second.values, strict=True)):
            slopes = (length * float(first.slopes[i]), length * float(second.slopes[i]))
            values = hermite(grid, float(f), slopes[0], float(g), slopes[1])
            changes = int(np.count_nonzero(np.diff(np.sign(values))))
            if f * g < 0:
                doubtful |= changes > 1
                found.append(("crossing", component, i, (below.u, above.u)))
            elif np.min(np.abs(values)) < CLOSE * float(min(abs(f), abs(g))) or changes:
                doubtful = True
                found.append(("approach", component, i, (below.u, above.u)))
    if doubtful and -length > NARROW:
        middle = _sample(path, (above.u + below.u) / 2)
        yield from _scan(path, above, middle)
        yield from _scan(path, middle, below)
    else:
        yield from found


def _refined(path: Path, component: Component, index: int, bracket: tuple[float, float], digits: int) -> Threshold:
    """The threshold in the bracket (of log d), by Newton's method on the eigenvalue, kept inside the bracket."""

    def at(arithmetic: MpmathArithmetic, d: Fraction | Scalar) -> tuple[Scalar, Scalar]:
        (m,) = moving(path, arithmetic, d, component)
        return m.values[index], m.slopes[index]

    rough = _arithmetic(bracket[1])
    low, high = (rough.context.mpf(u) for u in bracket)
    g, slope = at(rough, rough.context.exp(high))
    u, value = high, g
    for _ in range(60):
        step = value / slope if slope else rough.context.inf
        u = u - step if low < u - step < high else (low + high) / 2
        value, slope = at(rough, rough.context.exp(u))
        low, high = (low, u) if value * g > 0 else (u, high)
        if abs(step) < rough.context.mpf(10) ** (-MESH_DIGITS // 2):
            break
    fine = _arithmetic(bracket[1], 2 * digits + MESH_DIGITS)
    u = fine.context.mpf(u)
    for _ in range(12):
        value, slope = at(fine, fine.context.exp(u))
        u -= value / slope
        if abs(value / slope) ** 2 < fine.context.mpf(10) ** (-digits - 8):
            break
    d = fine.context.exp(u)
    ends = _around(d, digits)
    (below, _), (beyond, _) = (at(fine, x) for x in ends)
    if not below * beyond < 0:
        raise Undecided(
            f"the eigenvalue of {component.name} that changes sign near d = {float(d):.8g} could not be bracketed to "
            f"{digits} digits; ask for fewer"
        )
    return _threshold(path, component, index, d, ends, "negative" if below < 0 else "positive")


def _around(d: Scalar, digits: int) -> tuple[Fraction, Fraction]:
    """Two decimal fractions around d, as far from it as the digit after the last one asked."""
    unit = Fraction(10) ** (len(str(int(d))) - digits - 1)
    middle = round(exact(d) / unit)
    return (middle - 1) * unit, (middle + 1) * unit


def _touching(
    path: Path, component: Component, index: int, bracket: tuple[float, float], digits: int
) -> Threshold | None:
    """A zero without a change of sign at the least |eigenvalue| of the bracket; None if it is not 0 there."""
    arithmetic = _arithmetic(bracket[1], 2 * digits + MESH_DIGITS)
    context = arithmetic.context

    def slope(u: Scalar) -> Scalar:
        (m,) = moving(path, arithmetic, context.exp(u), component)
        return m.slopes[index]

    s, t = (context.mpf(u) for u in bracket)
    f, g = slope(s), slope(t)
    if f * g > 0:
        return None
    for _ in range(40):
        if f == g:
            break
        s, t, f = t, t - g * (t - s) / (g - f), g
        g = slope(t)
        if abs(s - t) < context.mpf(10) ** (-digits - 2):
            break
    (m,) = moving(path, arithmetic, context.exp(t), component)
    if abs(m.values[index]) > context.mpf(10) ** -digits:
        return None
    d = context.exp(t)
    return _threshold(path, component, index, d, _around(d, digits), "positive" if m.values[index] > 0 else "negative")


def _threshold(
    path: Path, component: Component, index: int, d: Scalar, bracket: tuple[Fraction, Fraction], below: str
) -> Threshold:
    import mpmath

    branch = path.numbering().branch(component, index + 1, zeros_of(path.problem, component, 2))
    multiplicity = component.dimension(path.isotropy)
    return Threshold(mpmath.mp.make_mpf(d._mpf_), bracket, component.name, branch, multiplicity, below)
