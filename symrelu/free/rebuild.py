"""The law of a construction, made again from its ensembles (after parameters were given numbers)."""

from __future__ import annotations

from functools import reduce

from symrelu.free.construction import Construction
from symrelu.free.law import Law


def rebuilt(made: Construction) -> Law:
    """The law that ``made`` describes."""
    from symrelu.free import ensembles, transforms

    numbers = made.numbers
    if made.kind == "Discrete":
        half = len(numbers) // 2
        return ensembles.Discrete(dict(zip(numbers[:half], numbers[half:], strict=True)))
    if not made.of:
        return getattr(ensembles, made.kind)(*numbers)
    laws = [rebuilt(part) for part in made.of]
    if made.kind == "sum":
        return reduce(lambda a, b: a + b, laws)
    if made.kind == "product":
        return reduce(lambda a, b: a @ b, laws)
    if made.kind == "scale":
        return laws[0] * numbers[0]
    if made.kind == "shift":
        return laws[0] + numbers[0]
    if made.kind == "power":
        return laws[0].free_power(numbers[0])
    if made.kind == "transposed":
        return transforms.transposed(laws[0], numbers[0])
    unary = {"inverse": transforms.inverse, "square": transforms.square, "root": transforms.symmetric_root}
    return unary[made.kind](laws[0])


__all__ = ["rebuilt"]
