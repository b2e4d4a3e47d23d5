"""Where the path of a family ends as d falls from infinity, and what the family becomes there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from symrelu.errors import SymreluError
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.paths.equations import meaningless_below, system
from symrelu.paths.trace import Node, Trace, cubic

if TYPE_CHECKING:
    from symrelu.paths.path import Path

DIGITS = 20
NEAR = 1e-4  # a path that ends this near to an integer matrix ends there
LARGEST_MATRIX = 600  # up to this d matrices are written out to be compared
OTHERS = ("1a", "1b")  # the families of one block, of more symmetry than any other


@dataclass(frozen=True)
class Meeting:
    """At the integer ``d`` the matrices of a family are those of another one, ``family``, with some rows permuted.

    ``words``: that, as a sentence.
    """

    d: int
    family: str
    words: str


@dataclass(frozen=True)
class PathEnd:
    """The end of a path: found numerically, not proved.

    Attributes
    ----------
    d: the infimum of the path, a number (to 20 digits for a fold, exact for a block or at the target).
    kind: "fold" (the Jacobian becomes singular and the path turns back to larger d), "parallel" or "norm" (two rows
    become parallel, or a row 0: the loss is not smooth there), "block" (a block has one row, and a coordinate stands
    for no entry), "lost" (the path could not be followed, and no reason was seen).
    reason, becomes: in words. corner: for a path that ends at an integer matrix, d and its coordinates. meets: other
    families it coincides with at an integer d before the end.
    """

    d: Any
    kind: Literal["fold", "parallel", "norm", "block", "lost"]
    reason: str
    becomes: str
    corner: tuple[Fraction, tuple[int, ...]] | None = None
    meets: tuple[Meeting, ...] = ()

    def text(self) -> str:
        """The end in one line."""
        more = [self.becomes] * bool(self.becomes) + [meeting.words for meeting in self.meets]
        return "; ".join([self.short(), *more])

    def short(self) -> str:
        """Where it ends and why."""
        return f"the path ends at d = {self._shown()}: {self.reason}"

    def _shown(self) -> str:
        from mpmath import nstr

        return str(self.d) if isinstance(self.d, Fraction) else str(nstr(self.d, 12))


def path_end(path: Path) -> PathEnd:
    """Follow the path to its end, around a fold to see where the other sheet leads, and name what is met."""
    if path.is_constant:
        at, block = path.bound or (Fraction(0), 0)
        return PathEnd(at, "block", _one_row(path, block), "it is the target itself for every d")
    path.say("following the path to its end")
    trace = path.trace
    trace.follow(lambda node: False)
    if not trace.nodes:
        start = MpmathArithmetic(15).context.mpf(path.start_d)
        return PathEnd(start, "lost", "it could not be followed from its start in floats", "")
    fold = next((i for i, node in enumerate(trace.nodes) if node.tangent[-1] >= 0), None)
    meets = _meetings(path, trace.nodes[fold].d if fold is not None else trace.nodes[-1].d)
    if fold is not None:
        at = fold_at(path, fold, DIGITS)
        return PathEnd(
            at,
            "fold",
            "the Jacobian of the reduced gradient is singular there (a fold)",
            "the path turns back to larger d; " + _other_sheet(trace, fold),
            meets=meets,
        )
    last, stop = trace.nodes[-1], trace.stop
    kind = stop.kind if stop else "lost"
    if kind == "block" and path.bound is not None:
        at, block = path.bound
        return PathEnd(at, "block", _one_row(path, block), _becomes(path, last, at), meets=meets)
    corner = _corner(path, last)
    if corner is not None:
        words = f"{stop.what} become parallel" if stop and stop.what else "it is an integer matrix"
        return PathEnd(corner[0], "parallel", words, _becomes(path, last, corner[0]), corner, meets)
    happens = {"norm": "becomes 0", "parallel": "become parallel"}
    reason = f"{stop.what} {happens[kind]}" if stop and kind in happens else "it could be followed no further"
    return PathEnd(MpmathArithmetic(15).context.mpf(last.d), kind, reason, "", meets=meets)


def _one_row(path: Path, block: int) -> str:
    return f"block {block + 1} of size {path.isotropy.blocks[block]} has one row there, and a coordinate no entry"


# -- folds -------------------------------------------------------------------------------------------------------------


def fold_at(path: Path, index: int, digits: int) -> Scalar:
    """The d of the fold between the nodes ``index - 1`` and ``index`` of the trace, to so many digits.

    The zero of dlog d / ds along the path, by the secant method; each point by Newton's method on the equations
    bordered by a plane, which are regular at a fold.
    """
    first, second = path.trace.nodes[index - 1 : index + 1]
    arithmetic = MpmathArithmetic(2 * digits + 15)
    context = arithmetic.context
    normal = [context.mpf(x) for x in first.tangent]
    base = [context.mpf(x) for x in first.position]

    def at(s: Scalar) -> tuple[list[Scalar], Scalar]:
        point = [context.mpf(x) for x in cubic(first, second, float(s / length))]
        for _ in range(12):
            equations = system(path.problem, arithmetic, point[:-1], context.exp(point[-1]), with_d=True)
            assert equations.by_log_d is not None
            rows = [[*row, x] for row, x in zip(equations.jacobian, equations.by_log_d, strict=True)]
            matrix = context.matrix([*rows, normal])
            plane = sum(n * (x - y) for n, x, y in zip(normal, point, base, strict=True)) - s
            step = context.lu_solve(matrix, context.matrix([*equations.gradient, plane]))
            point = [x - y for x, y in zip(point, step, strict=True)]
            if max(abs(y) for y in step) < context.mpf(10) ** (-digits - 6):
                break
        tangent = context.lu_solve(matrix, context.matrix([*([0] * (len(point) - 1)), 1]))
        return point, tangent[len(point) - 1]

    length = sum(n * context.mpf(x - y) for n, x, y in zip(normal, second.position, first.position, strict=True))
    s, t = context.zero, length
    (point, f), (_, g) = at(s), at(t)
    for _ in range(40):
        middle = t - g * (t - s) / (g - f)
        point, h = at(middle)
        s, t, f, g = t, middle, g, h
        if abs(s - t) ** 2 < context.mpf(10) ** (-digits - 3) or h == f:  # d is stationary: its error is the square
            break
    return context.exp(point[-1])


def _other_sheet(trace: Trace, fold: int) -> str:
    """What follows after the first fold, in words."""
    words = []
    up = True
    for before, node in zip(trace.nodes[fold:], trace.nodes[fold + 1 :], strict=False):
        if (node.tangent[-1] >= 0) != up:
            up = not up
            words.append(f"turns again near d = {max(before.d, node.d) if not up else min(before.d, node.d):.5g}")
    stop, last = trace.stop, trace.nodes[-1]
    if stop is None:
        words.append(f"was followed to d = {last.d:.4g}")
    else:
        why = {
            "parallel": f"{stop.what} become parallel",
            "norm": f"{stop.what} becomes 0",
            "block": "a block has one row",
        }
        where = f", where {why[stop.kind]}" if stop.kind in why else ""
        words.append(f"ends near d = {last.d:.6g}{where}")
    return "the other sheet " + ", ".join(words)


# -- what it becomes ---------------------------------------------------------------------------------------------------


def _corner(path: Path, last: Node) -> tuple[Fraction, tuple[int, ...]] | None:
    """The integer d and the integer coordinates of a critical point at which the path ends, if it does."""
    d, values = round(last.d), np.round(last.coordinates)
    if abs(d - last.d) > NEAR or np.max(np.abs(values - last.coordinates)) > NEAR**0.5:
        return None
    coordinates = tuple(int(x) for x in values)
    return (Fraction(d), coordinates) if _is_permutation(path, coordinates, d) else None


def _is_permutation(path: Path, values: Any, d: int) -> bool:
    """Whether the matrix is the target with its rows permuted, which is a critical point: a global minimum."""
    if d > LARGEST_MATRIX:
        return False
    matrix = np.asarray(path.problem.space.matrix([int(x) for x in values], d))
    return bool(np.array_equal(matrix @ matrix.T, np.eye(d)) and np.all(matrix >= 0))


def _becomes(path: Path, last: Node, at: Fraction) -> str:
    """The matrix at the end of the path, in words."""
    if at.denominator != 1 or at > LARGEST_MATRIX:
        return ""
    matrix = path.problem.space.matrix(last.coordinates, int(at))
    nearest = np.round(matrix)
    near = np.max(np.abs(matrix - nearest)) < NEAR**0.5 and np.all(nearest >= 0)
    if not near or not np.array_equal(nearest @ nearest.T, np.eye(len(nearest))):
        return ""
    moved = [i + 1 for i in range(len(nearest)) if nearest[i, i] == 0]
    return "there W is the target" + (f" with the rows {_listed(moved)} permuted" if moved else "")


def _meetings(path: Path, lowest: float) -> tuple[Meeting, ...]:
    """The families of one block that this one coincides with where its growing block has two rows."""
    two = meaningless_below(path.isotropy, 2)
    if two is None or two[0].denominator != 1 or not lowest < two[0] <= LARGEST_MATRIX or len(path.isotropy.blocks) < 2:
        return ()
    d = int(two[0])
    arithmetic = MpmathArithmetic(DIGITS)
    try:
        mine = np.array(path.problem.space.matrix(path.point(two[0], arithmetic), d), dtype=float)
    except SymreluError:
        return ()
    for name in OTHERS:
        if path.named is None:
            break
        other = path.named(name)
        try:
            theirs = np.array(other.problem.space.matrix(other.point(two[0], arithmetic), d), dtype=float)
        except SymreluError:
            continue
        order = _row_order(mine, theirs)
        if order is not None:
            moved = [i + 1 for i, j in enumerate(order) if i != j]
            words = f"at d = {d} it is {name}" + (f" with the rows {_listed(moved)} permuted" if moved else "")
            return (Meeting(d, name, words),)
    return ()


def _row_order(mine: Any, theirs: Any) -> list[int] | None:
    """For each row of one matrix the equal row of the other; None unless that is a permutation."""
    order: list[int] = []
    for row in mine:
        distances = np.max(np.abs(theirs - row), axis=1)
        distances[order] = np.inf
        order.append(int(np.argmin(distances)))
        if distances[order[-1]] > 1e-12:
            return None
    return order


def _listed(numbers: list[int]) -> str:
    return " and ".join(map(str, numbers)) if len(numbers) < 3 else f"{numbers[0]} ... {numbers[-1]}"


__all__ = ["Meeting", "PathEnd", "fold_at", "path_end"]
