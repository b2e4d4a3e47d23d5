"""Lines q = q(d) through the region of minima of three blocks: where they begin and end, and why there is no series.

A series in d**(-1/2) belongs to a type whose block sizes are affine in d. The region of minima follows q = d/2 -
kappa sqrt(d), kappa between two positive bounds, so an affine line leaves it again on its way to d = infinity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

from symrelu.errors import SymreluError, Undecided
from symrelu.regions.curve import LOG_D, Line, Singular, follow, solve, tangent_of
from symrelu.regions.region import LARGEST_D, STEP, End, Progress, Region, find_region
from symrelu.regions.spectrum import component_copies
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component
from symrelu.symmetry.size import Size

RANGES = (40, 200, 1500, LARGEST_D)  # how far the region is found, one after the other
USUAL = (0.16, 1.0)  # kappa where lines with q ~ d/2, and others, leave the region, about: what range is tried first


@dataclass(frozen=True, eq=False)
class LineEnd:
    """What becomes of the minima on a line as d grows.

    ``intervals``: where the line runs through the region of minima, in ascending d; ``fold``: the d at which the
    critical points end, the last of the intervals followed on.
    """

    line: Line
    intervals: tuple[tuple[End, End], ...]
    fold: float


def end_of_line(line: Line, progress: Progress | None = None) -> LineEnd | None:
    """Where the minima of three blocks on a line of the plane end as d grows; None if none is met.

    The region is found as far as the line needs it. Raises Undecided if that is beyond d = 20,000, or if the critical
    points do not end in a fold.
    """
    likely = _leaves(line)
    for d_max in (d for d in RANGES if d >= min(likely, LARGEST_D)):
        region = find_region(d_max, progress=progress)
        try:
            intervals = region.crossed_by(line)
        except Undecided:
            continue
        if intervals:
            return LineEnd(line, tuple(intervals), _fold(line, intervals[-1][1]))
        if not _lies_ahead(line, region):
            return None
    raise Undecided(
        f"whether minima of three blocks lie on the line q = {line.slope:g} d + {line.const:g} is decided beyond "
        f"d = {LARGEST_D} only, which is not followed"
    )


def _leaves(line: Line) -> float:
    """About the d at which a line leaves the region, if it ever meets it: (1/2 - slope) d - kappa sqrt(d) = const."""
    if line.slope >= 0.5:
        return (line.const / USUAL[0]) ** 2
    bend, kappa = 0.5 - line.slope, USUAL[1]
    return ((kappa + sqrt(max(kappa**2 + 4 * bend * line.const, 0.0))) / (2 * bend)) ** 2


def _lies_ahead(line: Line, region: Region) -> bool:
    """Whether a line outside the region at d_max could meet it beyond.

    Its kappa, (1/2 - slope) sqrt(d) - const/sqrt(d), grows for a slope below 1/2 and falls to 0 or below for the
    others, while that of the region stays positive.
    """
    window = region.windows(region.d_max)[-1]
    if line.slope < 0.5:
        return line.value(window.high.y) > 0
    return line.value(window.low.y) < 0


def _fold(line: Line, end: End) -> float:
    """The d of the first fold on the line from the end of its interval in the region, d growing."""
    if end.component.kind == "t":
        return end.d
    along = tangent_of(end.y, line)
    nodes = follow(
        end.y,
        line,
        along if along[LOG_D] > 0 else -along,
        lambda node: bool(node.tangent[LOG_D] < 0) or node.d > LARGEST_D,
        largest=STEP,
    )
    if nodes[-1].tangent[LOG_D] >= 0:
        raise Undecided(f"the line q = {line.slope:g} d + {line.const:g} has no fold up to d = {nodes[-1].d:.6g}")
    singular = Singular(component_copies()[Component("t")], nodes[-1].y)
    return End(solve(nodes[-1].y, (singular, line)), Component("t")).d


def three_block_line(isotropy: Isotropy) -> Line | None:
    """The line q(d) of a type Delta(S_q x S_1 x S_{d-q-1}), its blocks in any order; None for another type.

    q is the smaller one of the two large blocks (for large d), which the minima have with own entries near -1.
    """
    if not isotropy.is_diagonal or len(isotropy.blocks) != 3:
        return None
    sizes = sorted(isotropy.blocks, key=lambda size: (size.slope, size.const))
    if not any(size.is_one for size in sizes):
        return None
    sizes.remove(next(size for size in sizes if size.is_one))
    small: Size = sizes[0]
    if small.is_one:
        return None
    return Line(float(small.slope), float(small.const))


@cache
def no_series_reason(isotropy: Isotropy, limit: tuple[Any, ...] | None = None) -> str | None:
    """Why the minima of a three-block type have no series in d, in one line; None where there is nothing to say.

    Parameters: ``isotropy``, the type asked for; ``limit``, if it was given, the signs of the diagonal at d = infinity
    block by block, or the limits of all coordinates: no three-block minimum is meant unless those of the two large
    blocks have opposite signs.

    The line q(d) is followed through the region of minima to its fold: computed (numerically), in some seconds. None
    for types other than Delta(S_q x S_1 x S_{d-q-1}), for lines that meet no such minimum, and where that is not
    decided.
    """
    line = three_block_line(isotropy)
    if line is None or (limit is not None and not _opposite(isotropy, limit)):
        return None
    try:
        found = end_of_line(line)
    except SymreluError:
        return None
    if found is None:
        return None
    ranges = " and ".join(f"{low.d:.6g} < d < {high.d:.6g}" for low, high in found.intervals)
    return (
        f"the minima of isotropy {isotropy.group_name()} have no series: they exist for {ranges} only, and followed to "
        f"larger d the critical points end in a fold at d = {found.fold:.8g}"
    )


def _opposite(isotropy: Isotropy, limit: Sequence[Any]) -> bool:
    """Whether the two large blocks have limits of opposite signs on the diagonal."""
    large = [number for number, size in enumerate(isotropy.blocks) if not size.is_one]
    space = FixedSpace(isotropy)
    if len(limit) == space.dim:
        limit = [limit[space.position(b, b, "own")] if b in large else 0 for b in range(3)]
    return len(limit) == 3 and bool(limit[large[0]] * limit[large[1]] < 0)
