"""Second layers given by a user: the teacher's beta, exact, and the student's signs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeVar

from symrelu.errors import BadInput
from symrelu.model.kernels import Kernel

T = TypeVar("T", int, Fraction)


def exact_beta(values: Any) -> tuple[Fraction, ...]:
    """The teacher's second layer as Fractions; () if all are 1. Raises BadInput for floats and zeros."""
    if any(isinstance(x, (float, bool)) for x in values):
        raise BadInput(f"beta was given as {tuple(values)}; give exact numbers, such as Fraction(1, 2)")
    beta = tuple(Fraction(x) for x in values)
    if 0 in beta:
        raise BadInput("a beta of 0 was given; leave that teacher out of the target instead")
    return () if all(x == 1 for x in beta) else beta


def exact_signs(values: Any, kernel: Kernel) -> tuple[int, ...]:
    """The student's second layer as signs; () if all are 1. Raises BadInput for other numbers, and where it is free."""
    signs = tuple(values)
    if any(isinstance(x, bool) or x not in (1, -1) for x in signs):
        raise BadInput(f"the signs of alpha were given as {signs}; each is 1 or -1, one a row orbit")
    if signs and kernel.second_layer_is_free:
        raise BadInput(
            f"signs of alpha were given, but with the kernel {kernel.name} the second layer is a variable of its own "
            "(alpha_1, ...); leave them out"
        )
    return () if all(x == 1 for x in signs) else tuple(int(x) for x in signs)


def spread(values: Sequence[T], count: int, what: str) -> tuple[T | int, ...]:
    """One value for each of ``count`` orbits: as given, one for all, or 1. Raises BadInput for another number."""
    if len(values) == count:
        return tuple(values)
    if len(values) < 2:
        return (values[0] if values else 1,) * count
    raise BadInput(f"{len(values)} {what} were given for {count} orbits; give {count}, or one for all")
