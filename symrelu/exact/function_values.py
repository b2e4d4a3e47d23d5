"""Values and derivatives of functions of unknown numbers (:mod:`symrelu.exact.functions`) where the unknowns lie in
given balls: the roots and the angles as true functions, by the rules  dg = df/2g  and
dpsi = (g ds - s dg)/(s**2 + g**2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flint import arb, fmpq_mpoly

if TYPE_CHECKING:
    from symrelu.exact.function_element import Function
    from symrelu.exact.functions import FunctionField


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

    def _powers(self, poly: fmpq_mpoly) -> dict[int, list[arb]]:
        """The powers of the values that the polynomial is made of, by repeated products: flint's own x**n is nan on a
        ball that contains 0.
        """
        found = {}
        for v, degree in enumerate(poly.degrees()):
            if degree > 0:
                powers = [arb(1)]
                for _ in range(int(degree)):
                    powers.append(powers[-1] * self.values[v])
                found[v] = powers
        return found

    def _value(self, poly: fmpq_mpoly) -> arb:
        total, powers = arb(0), self._powers(poly)
        for m, c in poly.to_dict().items():
            term = arb(c)
            for v, table in powers.items():
                if m[v]:
                    term = term * table[m[v]]
            total += term
        return total

    def _polynomial(self, poly: fmpq_mpoly) -> tuple[arb, dict[int, arb]]:
        total, powers = arb(0), self._powers(poly)
        partial = {v: arb(0) for v in powers}
        for m, c in poly.to_dict().items():
            factors = [(v, m[v], table) for v, table in powers.items() if m[v]]
            before = [arb(c)]  # the products of the factors before each
            for _, e, table in factors:
                before.append(before[-1] * table[e])
            total += before.pop()
            after = arb(1)
            for (v, e, table), product in zip(reversed(factors), reversed(before), strict=True):
                partial[v] += product * after * table[e - 1] * e
                after = after * table[e]
        slope: dict[int, arb] = {}
        for v, x in partial.items():
            for k, y in self.slopes[v].items():
                slope[k] = slope.get(k, arb(0)) + x * y
        return total, slope
