"""Polynomials in one unknown over a coefficient field, as lists of coefficients, constant term first: what factoring
and root isolation are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import acb, arb, arb_poly

from symrelu.errors import Undecided
from symrelu.exact.balls import MAX_BITS, working_bits
from symrelu.exact.field import Element, Field

Poly = list[Element]

_FIRST_BITS = 256


def trim(poly: Poly) -> Poly:
    """The polynomial without leading zeros (the list is taken over)."""
    while poly and not poly[-1]:
        poly.pop()
    return poly


def monic(field: Field, poly: Sequence[Element]) -> Poly:
    """The polynomial over its leading coefficient."""
    cs = trim([field(c) for c in poly])
    inverse = field.inverse(cs[-1])
    return [c * inverse for c in cs]


def derivative(poly: Poly) -> Poly:
    """The derivative."""
    return [c * i for i, c in enumerate(poly)][1:]


def evaluate(field: Field, poly: Sequence[Element], x: Element) -> Element:
    """The value at x, by Horner."""
    total = field.zero
    for c in reversed(poly):
        total = total * x + c
    return total


def multiply(field: Field, f: Poly, g: Poly) -> Poly:
    """f*g."""
    product = [field.zero] * (len(f) + len(g) - 1)
    for i, a in enumerate(f):
        for j, b in enumerate(g):
            product[i + j] = product[i + j] + a * b
    return trim(product)


def divide(field: Field, f: Poly, g: Poly) -> tuple[Poly, Poly]:
    """Quotient and remainder."""
    remainder, inverse = list(f), field.inverse(g[-1])
    quotient = [field.zero] * max(len(f) - len(g) + 1, 0)
    for i in range(len(f) - len(g), -1, -1):
        c = remainder[i + len(g) - 1] * inverse
        quotient[i] = c
        if c:
            for j, b in enumerate(g):
                remainder[i + j] = remainder[i + j] - c * b
    return trim(quotient), trim(remainder[: len(g) - 1])


def gcd(field: Field, f: Poly, g: Poly) -> Poly:
    """The monic greatest common divisor, by Euclid with monic remainders."""
    f, g = trim(list(f)), trim(list(g))
    while g:
        g = monic(field, g)  # keeps the coefficients from growing
        f, g = g, divide(field, f, g)[1]
    return monic(field, f)


def shift(field: Field, poly: Poly, by: Element) -> Poly:
    """poly(x + by), by Horner."""
    result: Poly = []
    for c in reversed(poly):
        result = multiply(field, result, [field(by), field.one]) if result else []
        if result:
            result[0] = result[0] + c
        else:
            result = [field(c)]
    return trim(result)


def squarefree(field: Field, poly: Poly) -> list[tuple[Poly, int]]:
    """Yun's squarefree decomposition (characteristic 0)."""
    if is_squarefree(field, poly):
        return [(monic(field, poly), 1)] if len(poly) > 1 else []
    found = []
    common = gcd(field, poly, derivative(poly))
    rest, multiplicity = divide(field, poly, common)[0], 1
    while len(rest) > 1:
        shared = gcd(field, rest, common) if len(common) > 1 else [field.one]
        part = divide(field, rest, shared)[0]
        if len(part) > 1:
            found.append((monic(field, part), multiplicity))
        rest, common = shared, divide(field, common, shared)[0]
        multiplicity += 1
    return found


def is_squarefree(field: Field, poly: Poly) -> bool:
    """Whether no root is repeated: balls show it fast where it is so, and Euclid decides where they do not."""
    with working_bits(_FIRST_BITS):
        return (
            len(poly) < 3
            or _boxes(field, poly, _FIRST_BITS // 2) is not None
            or (len(gcd(field, poly, derivative(poly))) == 1)
        )


def interpolate(field: Field, values: Sequence[Element]) -> Poly:
    """The polynomial of degree < n with the given values at 0, 1, ..., n - 1 (Newton's divided differences)."""
    differences = list(values)
    for level in range(1, len(values)):
        for i in range(len(values) - 1, level - 1, -1):
            differences[i] = (differences[i] - differences[i - 1]) / level
    result: Poly = []
    for i in range(len(values) - 1, -1, -1):
        result = multiply(field, result, [field(-i), field.one]) if result else [field.zero]
        result = result or [field.zero]
        result[0] = result[0] + differences[i]
    return trim(result)


def _boxes(field: Field, poly: Sequence[Element], bits: int) -> list[acb] | None:
    """Disjoint boxes, each around one complex root, at the working precision of twice so many bits; None if it is
    not enough.
    """
    coefficients = arb_poly([field.ball(field(c), 2 * bits) for c in poly])
    try:
        return coefficients.complex_roots(tol=arb(2) ** (-bits), maxprec=2 * bits)
    except ValueError:
        return None


def real_roots(field: Field, poly: Sequence[Element], bits: int) -> list[arb]:
    """Balls around the real roots of a squarefree polynomial, ascending: each holds one root and no two meet.

    Arb encloses all complex roots in disjoint boxes. A box that meets the real line holds a real root if its mirror
    image meets no other box: the mirror image of its root then lies in it too.
    """
    while bits < MAX_BITS:
        with working_bits(2 * bits):
            boxes = _boxes(field, poly, bits)
            if boxes is not None:
                mirrored = [(z.real, -z.imag) for z in boxes]
                real = [i for i, z in enumerate(boxes) if z.imag.contains(0)]
                if not any(
                    x.overlaps(z.real) and y.overlaps(z.imag)
                    for i, (x, y) in enumerate(mirrored)
                    for j, z in enumerate(boxes)
                    if i in real and j != i
                ):
                    return sorted((boxes[i].real for i in real), key=lambda x: x.mid())
        bits *= 2
    raise Undecided("the roots of a polynomial were not told apart with a million bits")


def which_root(field: Field, poly: Sequence[Element], ball: Callable[[int], arb]) -> int:
    """The number (from 0, ascending) of the real root of a squarefree polynomial that ``ball`` encloses at each
    precision.
    """
    bits = 64
    while bits < MAX_BITS:
        near = ball(bits)
        met = [i for i, x in enumerate(real_roots(field, poly, bits)) if x.overlaps(near)]
        if len(met) == 1:
            return met[0]
        bits *= 2
    raise Undecided("a root of a polynomial was not told apart from the others with a million bits")
