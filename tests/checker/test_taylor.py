"""Taylor models enclose what they stand for: random expressions at random points of the domain, in high precision."""

from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.checker.taylor import Domain, Model, NoEnclosure, ball

BITS = 128
SMALL = st.integers(-40, 40).map(lambda k: Fraction(k, 64))
UNITS = st.sampled_from([Fraction(-1), Fraction(1), Fraction(3, 2)])
DOMAINS = st.sampled_from(
    [(Fraction(0), Fraction(1, 8)), (Fraction(-1, 10), Fraction(1, 8)), (Fraction(0), Fraction(1, 3))]
)


def value(coefficients, v, tau):
    """The Laurent polynomial at a point, in 400 bits."""
    return sum((ball(c) * ball(tau) ** k for k, c in enumerate(coefficients)), arb(0)) * ball(tau) ** v


def encloses(model, tau, exact):
    return model.at(ball(tau)).overlaps(exact) and (model.v < 0 or model.range().overlaps(exact))


@st.composite
def cases(draw, lowest=-2):
    lo, hi = draw(DOMAINS)
    domain = Domain(lo, hi, draw(st.integers(1, 7)))
    tau = draw(st.sampled_from([lo, hi / 3, hi])) or hi / 7
    v = draw(st.integers(lowest, 2)) if lo == 0 else 0
    f = [draw(UNITS), *draw(st.lists(SMALL, max_size=6))]
    g = [draw(UNITS), *draw(st.lists(SMALL, max_size=6))]
    return domain, tau, v, f, g


def model(domain, coefficients, v=0):
    return domain.model([ball(c) if c else None for c in coefficients], v)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_ring_operations_enclose(case):
    domain, tau, v, f, g = case
    with ctx.workprec(BITS):
        a, b = model(domain, f, v), model(domain, g)
        quotient = None
        try:
            quotient = a / b
        except NoEnclosure:
            pass
        results = [a + b, a - b, a * b, (a + b) * (a - b), quotient, a * Fraction(2, 3), 1 - a]
    with ctx.workprec(400):
        x, y = value(f, v, tau), value(g, 0, tau)
        exact = [x + y, x - y, x * y, (x + y) * (x - y), x / y, x * 2 / 3, 1 - x]
        assert all(encloses(r, tau, e) for r, e in zip(results, exact, strict=True) if r is not None)


@given(cases(lowest=0))
@settings(max_examples=150, deadline=None)
def test_functions_enclose(case):
    domain, tau, _, f, g = case
    with ctx.workprec(BITS):
        small, other = model(domain, [Fraction(0), *f]) * Fraction(1, 2), model(domain, g)
        results = []
        for compute in (
            lambda: (other * other).sqrt(),
            lambda: (1 + small).sqrt(),
            lambda: small.asin(),
            lambda: (small * Fraction(1, 2) + Fraction(1, 3)).asin(),
            lambda: small.chi(),
            lambda: (small * Fraction(1, 2) + Fraction(1, 3)).chi(),
        ):
            try:
                results.append(compute())
            except NoEnclosure:
                results.append(None)
    with ctx.workprec(400):
        x, y = value([Fraction(0), *f], 0, tau) / 2, value(g, 0, tau)
        third = x / 2 + arb(1) / 3
        exact = [abs(y), (1 + x).sqrt(), x.asin(), third.asin(), x.asin() - x, third.asin() - third]
        assert all(encloses(r, tau, e) for r, e in zip(results, exact, strict=True) if r is not None)


@given(cases(lowest=0), st.integers(0, 5), SMALL)
@settings(max_examples=100, deadline=None)
def test_every_number_of_a_wide_coefficient_is_enclosed(case, place, chosen):
    domain, tau, _, f, g = case
    with ctx.workprec(BITS):
        wide = [*[ball(c) if c else None for c in f], *[None] * 6][:place] + [arb(0, 1)]
        a = domain.model(wide)
        result = a * model(domain, g) + a
    with ctx.workprec(400):
        x = value([*f, *[Fraction(0)] * 6][:place] + [chosen], 0, tau)
        assert encloses(result, tau, x * value(g, 0, tau) + x)


def test_structural_zeros_stay_and_balls_are_never_taken_for_zero():
    with ctx.workprec(64):
        domain = Domain(Fraction(0), Fraction(1, 8), 6)
        t = domain.model([None, arb(1)])
        even = 1 + t * t * Fraction(1, 3)
        root = even.sqrt()
        assert [k for k, c in enumerate(root.c) if c is None] == [1, 3, 5]
        third = domain.constant(Fraction(1, 3))
        difference = third - (1 / domain.constant(3)) * domain.constant(arb(1))
        assert difference.v == 0 and difference.c[0] is not None and difference.c[0].contains(0)


def test_stripped_leading_zeros_move_the_power():
    with ctx.workprec(64):
        domain = Domain(Fraction(0), Fraction(1, 8), 3)
        f = Model(domain, 0, [None, None, arb(2)], arb(0, 1))
        assert (f.v, len(f.c)) == (2, 1)
        assert f.at(ball(Fraction(1, 8))).contains(ball(Fraction(2, 64)))


@pytest.mark.parametrize(
    "compute", [lambda t: 1 / (t - t * t * 8), lambda t: (t - Fraction(1, 16)).sqrt(), lambda t: (t * 9).asin()]
)
def test_what_may_fail_on_the_domain_is_refused(compute):
    with ctx.workprec(64):
        domain = Domain(Fraction(0), Fraction(1, 8), 6)
        with pytest.raises(NoEnclosure):
            compute(domain.model([None, arb(1)]))


def test_a_global_cap_of_series_changes_nothing():
    with ctx.workprec(64):
        domain = Domain(Fraction(-1, 8), Fraction(1, 8), 8)
        f = domain.model([arb(1), arb(1)])
        before = [str(f.sqrt().r), str((f / 2).asin().r), str((1 / f).r)]
        cap = ctx.cap
        try:
            ctx.cap = 2
            assert [str(f.sqrt().r), str((f / 2).asin().r), str((1 / f).r)] == before
        finally:
            ctx.cap = cap


def test_the_sign_of_a_function_that_comes_near_zero():
    with ctx.workprec(64):
        domain = Domain(Fraction(-1, 8), Fraction(1, 8), 6)
        t = domain.model([None, arb(1)])
        near = (t - Fraction(1, 8)) * (t - Fraction(1, 4)) + Fraction(1, 1000)
        assert near.sign() == 1
        assert (-near).sign() == -1
        assert ((t - Fraction(1, 8)) * (t - Fraction(1, 4)) - Fraction(1, 1000)).sign() == 0
