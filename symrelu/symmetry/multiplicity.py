"""Orders of groups and numbers of distinct points, as closed forms in d.

Orbit-stabiliser: the permutations of neurons and inputs move a point W to |S_k x S_d| / |Iso(W)| distinct points, the
multiplicity of its family (main paper, arXiv 2107.10370, Theorem 1 and Section B).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput
from symrelu.symmetry.actual import ActualIsotropy
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.size import D, Size

_LONGEST_PRODUCT = 12  # longer falling factorials are written as quotients of factorials


@dataclass(frozen=True)
class Count:
    """A positive closed form in d: a rational coefficient times falling factorials, factorials and powers.

    falling: pairs (n, r) for n (n-1) ... (n-r+1), r >= 1; factorials: pairs (n, e) for (n!)**e, e a nonzero integer;
    powers: pairs (b, n) for b**n, b >= 2. Each n is affine in d, and grows with d except in powers.
    """

    coefficient: Fraction
    falling: tuple[tuple[Size, int], ...] = ()
    factorials: tuple[tuple[Size, int], ...] = ()
    powers: tuple[tuple[int, Size], ...] = ()

    def at(self, d: int) -> int:
        """The value at an integer d; raises `BadInput` where some size is no integer or a factorial is undefined."""
        value = self.coefficient
        for top, length in self.falling:
            n = self._whole(top, d, length)
            value *= math.perm(n, length)
        for size, exponent in self.factorials:
            value *= Fraction(math.factorial(self._whole(size, d, 0))) ** exponent
        for base, size in self.powers:
            value *= Fraction(base) ** int(self._whole(size, d, None))
        if value.denominator != 1:
            raise BadInput(f"{self} is {value} at d = {d}, not a whole number: this d is too small for the group")
        return int(value)

    def _whole(self, size: Size, d: int, least: int | None) -> int:
        value = size.at(d)
        if not isinstance(value, int) or (least is not None and value < least):
            raise BadInput(f"{self} has no value at d = {d}, where {size} is {value}: try a larger or divisible d")
        return value

    def sympy(self, d: Any = None) -> Any:
        """The count as a SymPy expression in d (by default the symbol d)."""
        import sympy  # here, not above: loading SymPy would slow down every command

        result = sympy.Rational(self.coefficient.numerator, self.coefficient.denominator)
        for top, length in self.falling:
            result = result * sympy.ff(top.sympy(d), length)
        for size, exponent in self.factorials:
            result = result * sympy.factorial(size.sympy(d)) ** exponent
        for base, size in self.powers:
            result = result * sympy.Integer(base) ** size.sympy(d)
        return result

    def __str__(self) -> str:
        """Text of integers, d, + - * / **, parentheses and factorial(...), such as "d*(d - 1)*factorial(d)/2"."""
        short = [(top, length) for top, length in self.falling if length <= _LONGEST_PRODUCT]
        long = [(top, length) for top, length in self.falling if length > _LONGEST_PRODUCT]
        linear = Counter(top - i for top, length in short for i in range(length))
        factorials = Counter(dict(self.factorials))
        factorials.update(top for top, _ in long)
        factorials.subtract(top - length for top, length in long)
        factors = [(f"({size})" if len(str(size)) > 1 else str(size), e) for size, e in linear.items()]
        factors += [(f"factorial({size})", e) for size, e in factorials.items() if e]
        above = [_power(name, e, "**{}") for name, e in factors if e > 0]
        below = [_power(name, -e, "**{}") for name, e in factors if e < 0]
        for base, size in self.powers:
            exponent = str(size if size.slope > 0 else -size)
            exponent = exponent if len(exponent) == 1 else f"({exponent})"
            (above if size.slope > 0 else below).append(f"{base}**{exponent}")
        numerator, denominator = self.coefficient.numerator, self.coefficient.denominator
        above = ([str(numerator)] if numerator != 1 or not above else []) + above
        below = ([str(denominator)] if denominator != 1 else []) + below
        if not below:
            return "*".join(above)
        return "*".join(above) + "/" + (below[0] if len(below) == 1 else f"({'*'.join(below)})")

    def latex(self) -> str:
        r"""The count in LaTeX, with binomials where they are natural: d!\binom{d}{2}."""
        coefficient = self.coefficient
        above: list[str] = []
        below: list[str] = []
        for size, exponent in self.factorials:
            (above if exponent > 0 else below).append(_power(f"{_bracketed(size)}!", abs(exponent), "^{}"))
        for base, size in self.powers:
            exponent_size = size if size.slope > 0 else -size
            (above if size.slope > 0 else below).append(f"{base}^{{{exponent_size.latex()}}}")
        for top, length in self.falling:
            if length > 1:
                coefficient *= math.factorial(length)
                above.append(rf"\binom{{{top.latex()}}}{{{length}}}")
        linear = Counter(top for top, length in self.falling if length == 1)
        spaced = [_power(_bracketed(size), e, "^{}") for size, e in linear.items()]
        if above:
            spaced.append("".join(above))
        if below:
            if coefficient.numerator != 1 or not spaced:
                spaced.insert(0, str(coefficient.numerator))
            if coefficient.denominator != 1:
                below = [str(coefficient.denominator) + r"\,", *below]
            return r"\frac{" + r"\,".join(spaced) + "}{" + "".join(below) + "}"
        if coefficient.denominator != 1:
            spaced.insert(0, rf"\frac{{{coefficient.numerator}}}{{{coefficient.denominator}}}")
        elif coefficient != 1 or not spaced:
            spaced.insert(0, str(coefficient))
        return r"\,".join(spaced)


def group_order(group: Isotropy | ActualIsotropy) -> Count:
    """The order of a group as a closed form in d."""
    if isinstance(group, ActualIsotropy):
        young, coefficient, local = group.isotropy, group.extra, group.local
    else:
        young, coefficient, local = group, 1, (1,) * len(group.blocks)
    factorials: Counter[Size] = Counter()
    powers = []
    for size, h in zip(young.blocks, local, strict=True):
        if size.is_constant:
            coefficient *= math.factorial(int(size.const)) * h ** int(size.const)
        else:
            factorials[size] += 1
            if h > 1:
                powers.append((h, size))
    return Count(Fraction(coefficient), (), tuple(factorials.items()), tuple(powers))


def multiplicity(
    group: Isotropy | ActualIsotropy, rows: Sequence[Size] | None = None, columns: Count | None = None
) -> Count:
    """The number of distinct points that S_k x S_d makes of a point with this isotropy group.

    d! for Delta S_d, d! binomial(d, m) for Delta(S_{d-m} x S_m). A quotient n!/(n-r)! with constant r is written as a
    product, other quotients of factorials stay.

    Parameters: ``rows`` and ``columns``, where fewer permutations count than S_k x S_d: those of rows within
    classes of so many each, and the order of a group of permutations of columns, without falling factorials.
    """
    order = group_order(group)
    young = group.isotropy if isinstance(group, ActualIsotropy) else group
    columns = columns or Count(Fraction(1), (), ((D, 1),))
    coefficient = columns.coefficient / order.coefficient
    numerators = [size for size, exponent in columns.factorials for _ in range(exponent)]
    for size in (young.k,) if rows is None else rows:
        if size.is_constant:
            coefficient *= math.factorial(int(size.const))
        else:
            numerators.append(size)
    powers = [*columns.powers, *((h, -size) for h, size in order.powers)]
    for h, size in columns.powers:
        if (h, -size) in powers:
            powers.remove((h, size))
            powers.remove((h, -size))
    denominators = [size for size, exponent in order.factorials for _ in range(exponent)]
    falling = []
    while True:
        gaps = [(n - m, n, m) for n in numerators for m in denominators if (n - m).is_constant]
        near = [(g.const, n, m) for g, n, m in gaps if g.const.denominator == 1 and g.const >= 0]
        if not near:
            break
        gap, n, m = min(near, key=lambda candidate: candidate[0])
        numerators.remove(n)
        denominators.remove(m)
        if gap:
            falling.append((n, int(gap)))
    exponents = Counter(numerators)
    exponents.subtract(denominators)
    return Count(
        coefficient,
        tuple(falling),
        tuple((size, e) for size, e in exponents.items() if e),
        tuple(powers),
    )


def _power(name: str, exponent: int, form: str) -> str:
    return name if exponent == 1 else name + form.format(exponent)


def _bracketed(size: Size) -> str:
    return size.latex() if len(size.latex()) == 1 else f"({size.latex()})"
