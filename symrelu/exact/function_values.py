"""Values and derivatives of functions of unknown numbers (:mod:`symrelu.exact.functions`) where the unknowns lie in
given balls: the roots and the angles as true functions, by the rules  dg = df/2g  and
dpsi = (g ds - s dg)/(s**2 + g**2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flint import arb, fmpq_mpoly

if TYPE_CHECKING:
    from symrelu.exact.functions import Function, FunctionField


class Table:
    """The values of all the generators of a field where the unknowns lie in given balls, and their derivatives.

    Parameters: ``field``; ``unknowns``, balls for the c's. Use it at the working precision it was built with: values
    and derivatives are enclosures for every point of the box.
    """

    def __init__(self, field: FunctionField, unknowns: Sequence[arb]) -> None:
        self.field = field
        n, size = len(field.names), len(field.gens)
        self.values = [arb(0)] * size
        self.slopes: list[dict[int, arb]] = [{} for _ in range(size)]
        self.values[-1] = arb.pi()
        for k in range(n):
            self.values[field.first + k] = unknowns[k]
            self.slopes[field.first + k] = {k: arb(1)}
        for i, radicand in enumerate(field.radicands):
            value, slope = self._polynomial(radicand)
            root = value.sqrt()
            self.values[i] = root
            self.slopes[i] = {k: x / (2 * root) for k, x in slope.items()}
        for i, (s, g) in enumerate(field.angles):
            (sv, ds), (gv, dg) = self.jet(s), self.jet(g)
            self.values[field.spare + i] = arb.atan2(gv, -sv)
            square = sv * sv + gv * gv
            self.slopes[field.spare + i] = {
                k: (gv * ds.get(k, arb(0)) - sv * dg.get(k, arb(0))) / square for k in ds.keys() | dg.keys()
            }

    def value(self, x: Function) -> arb:
        """An enclosure of x."""
        value = self._value(x.num)
        for i, e in enumerate(x.den):
            if e:
                value = value / self._value(self.field.factors[i]) ** e
        return value

    def jet(self, x: Function) -> tuple[arb, dict[int, arb]]:
        """Enclosures of x and of its derivatives by the unknowns that it depends on."""
        value, slope = self._polynomial(x.num)
        for i, e in enumerate(x.den):
            if e:
                below, by = self._polynomial(self.field.factors[i])
                power = below**e
                value = value / power
                slope = {k: y / power for k, y in slope.items()}
                for k, y in by.items():
                    slope[k] = slope.get(k, arb(0)) - e * value * y / below
        return value, slope

    def _value(self, poly: fmpq_mpoly) -> arb:
        total = arb(0)
        for m, c in poly.to_dict().items():
            term = arb(c)
            for v, e in enumerate(m):
                if e:
                    term = term * _power(self.values[v], e)
            total += term
        return total

    def _polynomial(self, poly: fmpq_mpoly) -> tuple[arb, dict[int, arb]]:
        total = arb(0)
        partial: dict[int, arb] = {}
        for m, c in poly.to_dict().items():
            powers = [(v, e, _power(self.values[v], e)) for v, e in enumerate(m) if e]
            term = arb(c)
            for _, _, power in powers:
                term = term * power
            total += term
            for v, e, _ in powers:
                rest = arb(c) * e * _power(self.values[v], e - 1)
                for w, _, power in powers:
                    if w != v:
                        rest = rest * power
                partial[v] = partial.get(v, arb(0)) + rest
        slope: dict[int, arb] = {}
        for v, x in partial.items():
            for k, y in self.slopes[v].items():
                slope[k] = slope.get(k, arb(0)) + x * y
        return total, slope


def _power(x: arb, exponent: int) -> arb:
    """x**exponent; flint's own is nan on balls that contain 0."""
    result = arb(1)
    for _ in range(exponent):
        result = result * x
    return result
