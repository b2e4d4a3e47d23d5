"""The inertia of isotypic blocks, proved: signs of the pivots of L D L' in balls, or in functions with proved errors.

The blocks are those of the W-Hessian (the second layer fixed): at a critical point index and nullity agree with
those of both layers trained, modulo the k rescaling zeros, which never enter. Where the second layer is a variable of
its own they are those of both layers. By Sylvester's law the Gram matrix of
the representatives does not matter. A pivot whose enclosure contains 0 decides nothing, and Undecided says which
component it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flint import arb

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.bounded import Bounded
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.spectrum.blocks import all_copies, block
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component, Copies


@dataclass(frozen=True)
class BlockIndex:
    """How many eigenvalues of one component's block are negative; the others (size - negative) are positive."""

    component: Component
    size: int
    negative: int


class UndecidedBlock(Undecided):
    """A block whose inertia could not be decided: ``component`` is which; ``singular`` if it is proved to be
    singular.
    """

    def __init__(self, component: Component, message: str, singular: bool = False) -> None:
        super().__init__(message)
        self.component = component
        self.singular = singular


def copies_of(problem: Problem) -> tuple[Copies, ...]:
    """The copies of every component on which the index is decided: in M(k, d), or in M(k, d) + R^k where the second
    layer is a variable of its own.
    """
    if problem.kernel.second_layer_is_free:
        return tuple(all_copies(problem.space.isotropy, second_layer=True))
    return first_layer_copies(problem.space.isotropy)


@cache
def first_layer_copies(isotropy: Isotropy) -> tuple[Copies, ...]:
    """The copies of every component in M(k, d)."""
    return tuple(of for of in all_copies(isotropy, second_layer=False) if len(of))


def ball_of(x: Any) -> arb:
    """What decides the sign of a scalar: the ball itself, or the range of f(t)/t**valuation."""
    if isinstance(x, Bounded):
        return x.range() if x.known.coefficients else arb(0, 1)
    return x if isinstance(x, arb) else arb(x)


def pivots(
    form: Sequence[Sequence[Any]],
    enclose: Callable[[Any], arb] = ball_of,
    left: list[Any] | None = None,
    order: list[int] | None = None,
) -> list[arb]:
    """The pivots of L D L' of a symmetric matrix, as balls, the best decided one first; the last one may contain 0.

    Stops at the first step at which no diagonal entry has a decided sign; that entry's ball is then the last one
    returned. ``left``, if given, receives the diagonal entries that remained at the last step, as scalars.
    ``order``: rows in the order in which they are to be eliminated; an empty list receives the order chosen.
    """
    rest = {i: dict(enumerate(row)) for i, row in enumerate(form)}
    wanted = list(order or ())
    found: list[arb] = []
    while rest:
        balls = {i: enclose(rest[i][i]) for i in rest}
        best = wanted[len(found)] if wanted else max(rest, key=lambda i: _decidedness(balls[i]))
        found.append(balls[best])
        if left is not None:
            left[:] = [rest[i][i] for i in rest]
        if order is not None and not wanted:
            order.append(best)
        if not (balls[best] > 0 or balls[best] < 0):
            return found
        inverse = 1 / rest[best][best]
        others = [i for i in rest if i != best]
        column = {i: rest[min(i, best)][max(i, best)] for i in others}
        scaled = {i: column[i] * inverse for i in others}
        rest = {i: {j: rest[i][j] - scaled[i] * column[j] for j in others if j >= i} for i in others}
    return found


def _decidedness(ball: arb) -> int:
    """How many bits of a ball are right: positive where the sign is decided."""
    return -(1 << 40) if ball.is_zero() else int(ball.rel_accuracy_bits())


def negative_pivots(form: Sequence[Sequence[Any]], component: Component, zeros: int = 0) -> int:
    """How many eigenvalues of a symmetric matrix are negative, none being 0 but ``zeros`` that a symmetry is known to
    cause; UndecidedBlock if that is not proved.
    """
    left: list[Any] = []
    try:
        found = pivots(form, left=left)
    except UndecidedBlock:
        raise
    except SymreluError as error:
        raise UndecidedBlock(component, f"the block {component.name} is not decided: {error}") from None
    if zeros and len(found) == len(form) - zeros + 1 and not (found[-1] > 0 or found[-1] < 0):
        return sum(1 for p in found[:-1] if p < 0)  # a regular minor of the full rank that the symmetry leaves
    if len(found) < len(form) or not (found[-1] > 0 or found[-1] < 0):
        raise UndecidedBlock(
            component,
            f"the block {component.name} is not decided: a pivot lies in {found[-1].str(4)}, which contains 0",
            singular=len(left) == 1 and found[-1].is_zero(),  # det = 0: the minor before it is regular
        )
    return sum(1 for p in found if p < 0)


def block_index(point: ReducedPoint, of: Copies) -> BlockIndex:
    """The index of one component's block at a point (or at every point of a piece); UndecidedBlock if not proved."""
    return BlockIndex(of.component, len(of), negative_pivots(block(point, of, scaled=True).hessian, of.component))


def block_indices(point: ReducedPoint) -> tuple[BlockIndex, ...]:
    """The index of every component's block."""
    return tuple(block_index(point, of) for of in copies_of(point.problem))
