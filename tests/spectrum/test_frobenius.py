"""The Frobenius norm of the Hessian is the sum over our spectrum, exactly: as expressions, in norms, angles, a_i and d.

The other side counts orbits of rows (`symrelu.reference.frobenius`), with no eigenvalue and no representation in it.
Both are polynomials in the angles, in pi, and in the norms and sines, which are square roots over Q(a_1, ..., d). A
normal form decides equality: norms and sines to the powers 0 and 1, divisors multiplied out.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import pytest
import sympy

from symrelu.model.expression import D
from symrelu.model.reduced import Problem
from symrelu.reference.frobenius import Angle, Point, Row, inner, squared_norm
from symrelu.spectrum.expressions import ComponentExpression, component_expressions

slow = pytest.mark.slow
INVERSES = 16  # divisors that may occur


class Normal:
    """Polynomials over Q in a_i, d, pi, angles, norms, sines and inverses of polynomials in a_i and d.

    ``values`` gives numbers to some of the a_i and d; the others stay variables.
    """

    def __init__(self, definitions: Mapping[sympy.Symbol, sympy.Expr], values: Mapping[str, Fraction]) -> None:
        self.norms = [x.name for x in definitions if x.name.startswith("nu_")]
        self.angles = [x.name for x in definitions if x.name not in self.norms]
        free = sorted({x.name for e in definitions.values() for x in e.free_symbols} | {"d"})
        sines = [f"sin_{x}" for x in self.angles]
        names = [*free, "pi", *self.angles, *self.norms, *sines, *(f"inverse_{i}" for i in range(INVERSES))]
        self.ring = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.lex)
        self.gens = dict(zip(names, self.ring.gens(), strict=True))
        self.zero = self.ring.constant(0)
        self.roots: dict[str, Any] = {}  # norm or sine -> its square
        self.cosines: dict[str, Any] = {}
        self.cosecants: dict[str, Any] = {}
        self.divisors: list[Any] = []
        self.known = {name: self.gens[name] for name in free}
        self.known |= {name: self.number(x) for name, x in values.items()}

    def number(self, x: Fraction | sympy.Rational) -> Any:
        """A rational constant."""
        return self.ring.constant(flint.fmpq(int(x.numerator), int(x.denominator)))

    def inverse(self, x: Any) -> Any:
        """1/x for a polynomial x in a_i and d, by name if it is not a number."""
        if x.is_constant():
            return self.ring.constant(1 / x.leading_coefficient())
        if x not in self.divisors:
            self.divisors.append(x)
        return self.gens[f"inverse_{self.divisors.index(x)}"]

    def reduced(self, x: Any) -> Any:
        """Norms and sines to the powers 0 and 1."""
        for name, square in self.roots.items():
            place = self.ring.variable_to_index(name)
            if x.degrees()[place] < 2:
                continue
            by_power: dict[int, dict] = {}
            for powers, c in x.to_dict().items():
                half = powers[place] // 2
                by_power.setdefault(half, {})[(*powers[:place], powers[place] % 2, *powers[place + 1 :])] = c
            x = sum((self.ring.from_dict(terms) * square**half for half, terms in by_power.items()), self.zero)
        return x

    def vanishes(self, x: Any) -> bool:
        """Whether x is 0 as a function: each coefficient of its normal form, times all divisors, is 0."""
        first, last = (self.ring.variable_to_index(name) for name in ("pi", "inverse_0"))
        # product of pi, angles, norms and sines -> product of inverses -> polynomial in a_i and d
        groups: dict[tuple, dict[tuple, dict]] = {}
        for powers, c in self.reduced(x).to_dict().items():
            plain = (*powers[:first], *(0,) * (len(powers) - first))
            groups.setdefault(powers[first:last], {}).setdefault(powers[last:], {})[plain] = c
        return all(self._sum(parts) == 0 for parts in groups.values())

    def _sum(self, parts: Mapping[tuple, dict]) -> Any:
        """The sum of polynomials with products of inverses, times the divisors to the highest powers that occur."""
        highest = [max(powers) for powers in zip(*parts, strict=True)]
        total = self.zero
        for inverses, terms in parts.items():
            value = self.ring.from_dict(terms)
            for divisor, high, power in zip(self.divisors, highest, inverses, strict=False):
                value *= divisor ** (high - power)
            total += value
        return total

    def power(self, base: sympy.Expr, n: int) -> Any:
        """base**n for any integer n."""
        x = self.of(base)
        if n >= 0:
            return x**n
        if base.is_Symbol and base.name in self.norms:
            inverse = x * self.inverse(self.roots[base.name])
        elif isinstance(base, sympy.sin):
            inverse = self.cosecants[base.args[0].name]
        else:
            inverse = self.inverse(x)
        return inverse**-n

    def of(self, e: sympy.Expr) -> Any:
        """A SymPy expression in the names."""
        if e.is_Add or e.is_Mul:
            total = self.ring.constant(0 if e.is_Add else 1)
            for x in map(self.of, e.args):
                total = total + x if e.is_Add else self.reduced(total * x)
            return total
        if e.is_Pow:
            return self.power(e.base, int(e.exp))
        if e.is_Rational:
            return self.number(e)
        if isinstance(e, sympy.sin):
            return self.gens[f"sin_{e.args[0].name}"]
        if isinstance(e, sympy.cos):
            return self.cosines[e.args[0].name]
        name = "pi" if e is sympy.pi else e.name
        return self.known.get(name, self.gens.get(name))

    # -- the point of Fix(G) -------------------------------------------------------------------------------------------

    def point(self, problem: Problem) -> Point:
        """Norms and angles of rows by name; what their squares and cosines are is kept for the normal form."""
        sizes = [self.of(size.sympy(D)) for size in problem.space.isotropy.blocks]
        own, other = [self.zero] * len(sizes), [[self.zero] * len(sizes) for _ in sizes]
        for c in problem.space.coordinates:
            if c.kind == "own" or (c.kind == "all" and c.row == c.col):
                own[c.row] = self.known[c.name]
            else:
                other[c.row][c.col] = self.known[c.name]

        def dot(x: Row, y: Row) -> Any:
            return self.zero + inner(sizes, own, other, x, y)

        def norm(x: Row) -> tuple[Any, Any]:
            if x.teacher:
                return (self.number(Fraction(1)),) * 2
            name = f"nu_{x.block + 1}"
            if name not in self.roots:
                self.roots[name] = dot(x, x)
            return self.gens[name], self.gens[name] * self.inverse(self.roots[name])

        def angle(x: Row, y: Row) -> Angle:
            x, y = (y, x) if x.teacher else (x, y)
            letter = "beta" if y.teacher else "alpha"
            suffix = "o" if x.block == y.block and x.number != y.number else ""
            names = [f"{letter}_{a.block + 1}_{b.block + 1}{suffix}" for a, b in ((x, y), (y, x))]
            name = next(n for n in names if n in self.angles)
            sine = self.gens[f"sin_{name}"]
            if name not in self.cosines:
                p, q, s = dot(x, x), dot(y, y), dot(x, y)
                self.cosines[name] = s * norm(x)[1] * norm(y)[1]
                self.roots[f"sin_{name}"] = (p * q - s**2) * self.inverse(p) * self.inverse(q)
                self.cosecants[name] = sine * p * q * self.inverse(p * q - s**2)
            return Angle(self.cosines[name], sine, self.cosecants[name], self.gens["pi"] - self.gens[name])

        return Point(sizes, norm, angle, self.gens["pi"])


def square_over_the_spectrum(ring: Normal, expressions: list[ComponentExpression]) -> Any:
    """4 pi^2 times the sum of dimension x tr((M^-1 H)^2)."""
    total = ring.zero
    for e in expressions:
        n = range(e.hessian.rows)
        H = [[ring.of(sympy.expand(2 * sympy.pi * x)) for x in row] for row in e.hessian.tolist()]
        inverse = [[ring.of(sympy.factor(x)) for x in row] for row in e.gram.inv().tolist()]
        Y = [[sum((inverse[i][k] * H[k][j] for k in n), ring.zero) for j in n] for i in n]
        trace = sum((Y[i][j] * Y[j][i] for i in n for j in n), ring.zero)
        total += ring.of(sympy.expand(e.multiplicity)) * ring.reduced(trace)
    return total


A = ("a_1", "a_2", "a_3", "a_4", "a_5", "a_6")
POINTS = [
    ("3/2", "-1/3", "2/5", "-3/7", "5/4", "1/6"),
    ("-7/5", "2/9", "1/3", "4/11", "-3/2", "-2/7"),
]
AT = [dict(zip(A, map(Fraction, x), strict=True)) for x in POINTS]
CASES = [
    ("d", AT[0], 2),  # for all d at this a_1, a_2
    *(pytest.param("d", {}, layers, marks=slow) for layers in (2, 1)),  # for all a_1, a_2 and d
    *(pytest.param("d-1,1", x, layers, marks=slow) for x, layers in zip(AT, (2, 1), strict=True)),  # for all d there
    pytest.param("d-2,2", AT[0] | {"d": Fraction(29, 3)}, 2, marks=slow),
]


@pytest.mark.parametrize(("blocks", "values", "layers"), CASES)
def test_frobenius_norm_identically(
    blocks: str, values: dict[str, Fraction], layers: int, problem: Callable[..., Problem]
) -> None:
    of = problem(blocks)
    expressions = component_expressions(of, layers)
    definitions = {name: x for e in expressions for name, x in e.definitions.items()}
    ring = Normal(definitions, {name: x for name, x in values.items() if name in (*of.space.names, "d")})
    by_orbits = squared_norm(ring.point(of), layers)
    by_spectrum = square_over_the_spectrum(ring, expressions)
    assert ring.vanishes(by_spectrum - by_orbits)
    # and the normal form does tell: a part in a million of one component, or of the whole, is seen
    off = replace(expressions[-1], hessian=expressions[-1].hessian * sympy.Rational(1000001, 1000000))
    assert not ring.vanishes(square_over_the_spectrum(ring, [off]) - square_over_the_spectrum(ring, expressions[-1:]))
    assert not ring.vanishes(by_spectrum - by_orbits + ring.number(Fraction(1, 10**6)))


@pytest.mark.parametrize("blocks", ["d", pytest.param("d-1,1", marks=slow), pytest.param("d-2,2", marks=slow)])
def test_names_mean_the_same_on_both_sides(blocks: str, problem: Callable[..., Problem]) -> None:
    """The definitions of norms and angles against inner products column by column, at a rational point."""
    of = problem(blocks)
    values = {name: x for name, x in AT[0].items() if name in of.space.names} | {"d": Fraction(29, 3)}
    definitions = component_expressions(of, 2, "t")[0].definitions
    ring = Normal(definitions, values)
    squared_norm(ring.point(of))  # meets every norm and angle
    assert set(ring.roots) == {*ring.norms, *(f"sin_{name}" for name in ring.angles)}
    numbers = {x: sympy.Rational(str(values[x.name])) for e in definitions.values() for x in e.free_symbols}
    for symbol, definition in definitions.items():
        value = definition.xreplace(numbers)
        square = value**2 if symbol.name in ring.norms else 1 - sympy.cos(value) ** 2
        root = ring.roots[symbol.name if symbol.name in ring.norms else f"sin_{symbol.name}"]
        assert ring.number(sympy.radsimp(sympy.expand(square))) == root
        if symbol.name in ring.angles:  # and the sign of the cosine
            inner_product = ring.cosines[symbol.name]
            assert inner_product != 0 and (sympy.cos(value) > 0) == (inner_product.leading_coefficient() > 0)
