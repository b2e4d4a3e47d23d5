"""Exponents and limits from values in geometric progression: rational powers recognised, everything else refused."""

from fractions import Fraction

import pytest
from mpmath.ctx_mp import MPContext

from symrelu.errors import Undecided
from symrelu.finding.exponents import expansion

C = MPContext()
C.dps = 250
DS = [C.mpf(10) ** n for n in range(22, 40, 2)]


def power(d, exponent):
    return d ** (C.mpf(-exponent.numerator) / (2 * exponent.denominator))


@pytest.mark.parametrize(
    "exponents",
    [
        (Fraction(2), Fraction(3)),
        (Fraction(7, 2), Fraction(4)),
        (Fraction(1, 2), Fraction(1)),
        (Fraction(4, 15), Fraction(22, 15)),
    ],
)
def test_exponents_of_known_families_are_recognised(exponents):
    """2, 3; 7/2; 1/2; 4/15 all occur."""
    first, second = exponents
    values = [C.mpf(1) / 3 + C.pi * power(d, first) - 5 * power(d, second) for d in DS]
    found = expansion(C, values, DS, 200, C.one)
    assert found.limit.exact == Fraction(1, 3)
    assert [t.exponent for t in found.terms[:2]] == [first, second]
    assert abs(C.convert(found.terms[0].coefficient.value) - C.pi) < C.mpf(10) ** -30
    assert found.terms[0].coefficient.exact is None  # pi is no small rational number


def test_digits_are_not_overstated():
    """A tail that is not eliminated limits the digits, and the count says so."""
    values = [C.e + sum((j + 1) ** 2 * power(d, Fraction(j)) for j in range(2, 20)) for d in DS]
    found = expansion(C, values, DS, 200, C.one)
    assert abs(C.convert(found.limit.value) - C.e) < C.mpf(10) ** -(found.limit.digits - 1)
    assert found.limit.digits >= 60 and found.limit.exact is None
    for j, term in enumerate(found.terms, 2):
        error = abs(C.convert(term.coefficient.value) - (j + 1) ** 2)
        assert term.exponent == j and error < (j + 1) ** 2 * C.mpf(10) ** -(term.coefficient.digits - 1)


def test_constants_have_no_correction():
    found = expansion(C, [C.mpf(-1)] * len(DS), DS, 200, C.one)
    assert found.limit.exact == -1 and found.terms == ()


def test_an_irrational_exponent_is_refused():
    """1/log d is no Puiseux series; neither is d**(-1/pi)."""
    for values in ([1 / C.log(d) for d in DS], [d ** (-1 / C.pi) for d in DS]):
        with pytest.raises(Undecided, match="do not settle"):
            expansion(C, values, DS, 200, C.one)
