"""Leading systems that are not polynomial, against two independent judges: the equation in one angle that was derived
by hand for k = d + 1 (its roots counted by certified bisection), and the loss that the limits of small blocks are
critical for. Guides are Newton solutions at d = 10**40, so nothing is put in but starting points.
"""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import pytest
from flint import arb, arb_series

from symrelu.errors import BadInput, NoFamily, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.balls import working_bits
from symrelu.exact.functions import FunctionField
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.paths.newton import newton_step
from symrelu.series.collect import Condition, Numerics, needed, square
from symrelu.series.enclose import SquareSystem
from symrelu.series.guide import CoordinateGuide
from symrelu.series.system import LeadingSystem, leading_system
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

HUGE = 40  # d = 10**HUGE for guides
DIGITS = 15


# -- the equation in one angle: blocks d-m, m, one more row u -> 0 ----------------------------------------------------


def angle_equation(m: int, tau: Any, pi: Any, lib: Any) -> tuple[Any, dict[str, Any]]:
    """P0 Q1 - P1 Q0, and the leading coefficients by name where it vanishes; phi is the angle of u and a teacher of the
    block, eta = cos(phi) = cos(tau)/sqrt(m), eps = sin(tau), 0 < tau < pi (-eps is u -> -u).
    """
    eps = lib.sin(tau)
    eta = lib.cos(tau) / lib.sqrt(m + 0 * pi)
    phi = tau if m == 1 else lib.acos(eta)
    s = lib.sin(phi)
    eps2_s = s if m == 1 else eps * eps / s  # eps**2/s
    cb = 1 - 2 * phi / pi
    G = (2 / pi * (s - 1) + eta * cb) / (1 - 2 / pi)
    F = eta * cb / (1 + 2 / pi) if m > 1 else 0 * eta
    Y_s = s * cb if m == 1 else (m - 1) * eta * F / s + eps2_s * cb
    P0 = -(4 * m / pi) * cb + (2 / pi) * (2 * m * m * eta * eta * eta + 4 * m * eps2_s * eta / pi)
    P1 = eps * (1 - m * cb * cb + (2 / pi) * (m * G - 1 + m * eta * Y_s - m * G * s))
    Q0 = (2 / pi) * (2 * eps * eps * eps - 4 * eps * eps2_s / pi)
    Q1 = eta - cb * (G + (m - 1) * F) + (2 / pi) * (eta * (m * G - 1) - eps2_s * Y_s * s - m * eta * G * s)

    def values() -> dict[str, Any]:
        r = -P0 / P1
        sign = 1 if r > 0 else -1  # eps -> -eps takes r to -r
        r, e = sign * r, sign * eps
        g, f, h, b = r * G, r * F, r * eta, 4 / pi + r * e * cb
        named = {"y": r * (m * G - 1), "a": -m * b - r * e, "2": 2 + 0 * r, "b": b, "g": g}
        named |= ({} if m == 1 else {"f": f}) | {"e": r * e, "h": h}
        return named | {"w": -(g + (m - 1) * f + h)}

    return P0 * Q1 - P1 * Q0, {"values": values}


class BallSeries:
    """Functions of Taylor polynomials over balls."""

    cos, sin, acos = (staticmethod(lambda x, name=name: getattr(x, name)()) for name in ("cos", "sin", "acos"))
    sqrt = staticmethod(lambda x: x.sqrt())


def taylor(m: int, ball: arb, terms: int = 2) -> list[arb]:
    """Enclosures over a ball of tau of the Taylor coefficients of the equation's left side."""
    value, _ = angle_equation(m, arb_series([ball, 1], terms), arb.pi(), BallSeries)
    return [value[i] for i in range(terms)]


def certified_roots(m: int) -> list[arb]:
    """All roots tau of the equation in (0, pi), each enclosed alone, by bisection."""
    roots, pending = [], [(arb(0), (arb.pi() + 2**-40).upper())]
    if m == 1:  # both ends are roots of order 4: the fourth derivative has one sign from there to 1/16 inwards
        for end, inwards in ((arb(0), 1), (arb.pi(), -1)):
            assert all(abs(c) < 1e-13 for c in taylor(m, end, 4))
            pieces = [end + inwards * (arb(2 * i + 1) / 2048 + arb(0, 1 / 2048)) for i in range(64)]
            fourths = [taylor(m, piece, 5)[4] for piece in pieces]
            assert all(x > 0 for x in fourths) or all(x < 0 for x in fourths)
        pending = [(arb(1) / 16, (arb.pi() - arb(1) / 16).mid())]
    while pending:
        low, high = pending.pop()
        ball = low.union(high)
        _, slope = taylor(m, ball)
        value = taylor(m, ball.mid())[0] + slope * (ball - ball.mid())  # the mean value form
        if value > 0 or value < 0:
            continue
        if slope > 0 or slope < 0:
            change = taylor(m, low)[0] * taylor(m, high)[0]
            if change < 0:
                roots.append(ball)
            if change < 0 or change > 0:
                continue
        middle = ((low + high) / 2).mid()
        assert high - low > 1e-9, "the bisection does not decide"
        pending += [(low, middle), (middle, high)]
    return sorted(roots, key=float)


@cache
def by_hand(m: int, sign: int) -> dict[str, Any]:
    """The leading coefficients with e of this sign, to 70 digits, from the one root tau with that sign."""
    for root in certified_roots(m):
        with mpmath.workdps(70):
            start = mpmath.mpf(str(float(root)))
            tau = mpmath.findroot(lambda x: angle_equation(m, x, +mpmath.pi, mpmath)[0], (start, start + 1e-6))
            values: dict[str, Any] = angle_equation(m, tau, +mpmath.pi, mpmath)[1]["values"]()
        if values["e"] * sign > 0:
            return values
    raise AssertionError("no root of this sign")


@pytest.mark.parametrize("m", [1, 2, 3, 4, 5])
def test_the_equation_in_one_angle_has_one_root_up_to_reflection(m: int) -> None:
    """m = 3 included: so there are exactly two branches, u and -u, for each of these m."""
    roots = certified_roots(m)
    assert len(roots) == 2
    assert (roots[0] + roots[1]).overlaps(arb.pi())


# -- guides: Newton solutions at very large d -------------------------------------------------------------------------


def newton(problem: Problem, digits: int, start: Any, d: Any) -> list[Any]:
    """The critical point near ``start`` at a huge d: the last correction is below the working precision, relatively."""
    arithmetic = MpmathArithmetic(digits)
    x = [arithmetic.context.convert(v) for v in start]
    for _ in range(40):
        step = newton_step(problem, arithmetic, x, arithmetic.context.convert(d))
        x = [a - b for a, b in zip(x, step, strict=True)]
        if max(abs(b / a) for a, b in zip(x, step, strict=True)) < mpmath.mpf(10) ** (-digits // 4):
            return x
    raise AssertionError("Newton's method did not converge")


def extra_neuron(m: int) -> Problem:
    return Problem(FixedSpace(Isotropy.parse(f"d-{m},{m}", rows="1,2,*", cols="1,2")), RELU)


@cache
def extra_neuron_point(m: int, sign: int) -> tuple[tuple[Any, ...], tuple[int, ...], tuple[int, ...]]:
    """A solution at d = 10**HUGE (t = 10**-20), the limits and the exponents."""
    limits = [1, 0, 0, 0, -1, *([0] * (m > 1)), 0, 0]
    exponents = [3, 4, 2, 2, 1, *([1] * (m > 1)), 2, 1]
    t = mpmath.mpf(10) ** (-HUGE // 2)
    leading = [v for k, v in by_hand(m, sign).items() if k != "w"]
    start = [limit + mpmath.mpf(str(c)) * t**e for limit, c, e in zip(limits, leading, exponents, strict=True)]
    return tuple(newton(extra_neuron(m), 260, start, 10**HUGE)), tuple(limits), tuple(exponents)


def guide_for(m: int, sign: int) -> list[CoordinateGuide]:
    point, limits, exponents = extra_neuron_point(m, sign)
    return [
        CoordinateGuide(Fraction(limit), e, (x - limit) * 10 ** (HUGE // 2 * e), digits=DIGITS)
        for x, limit, e in zip(point, limits, exponents, strict=True)
    ]


@cache
def system_for(m: int, sign: int, terms: int = 1) -> LeadingSystem:
    return leading_system(extra_neuron(m), 2, guide_for(m, sign), terms)


def holds(ball: arb, value: Any, digits: int) -> bool:
    """Whether a ball lies within 10**-digits of an mpmath number."""
    with mpmath.workdps(80):
        text = mpmath.nstr(value, 70)
    with working_bits(240):
        return bool(abs(ball - arb(text)) < arb(10) ** -digits)


# -- the systems ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("m", "sign"), [(1, 1), (1, -1), (2, 1), *(pytest.param(m, -1, marks=pytest.mark.slow) for m in (2, 3, 4, 5))]
)
def test_the_system_of_an_extra_neuron_is_the_one_derived_by_hand(m: int, sign: int) -> None:
    """All leading coefficients to 50 digits, the second one of a_3 too; that of the limit -1 block tends to it."""
    values = system_for(m, sign).start_values(200)
    expected = dict(by_hand(m, sign))
    assert holds(values[2, 3], expected.pop("w"), 50)
    _, limits, exponents = extra_neuron_point(m, sign)
    for i, (limit, e, c) in enumerate(zip(limits, exponents, expected.values(), strict=True)):
        assert values[i, 0] == limit
        assert holds(values[i, e], c, 50), (i, e)


def test_a_system_says_what_it_is() -> None:
    """Unknowns, equations and where they come from, what roots and angles mean; exact, for SymPy too."""
    system = system_for(1, 1)
    text = system.text()
    assert "c_1_3 = the coefficient of t**3 in a_1" in text
    assert "  g_1 + c_1_3 - c_5_1 = 0\n    from t**1 of dL/da_1" in text  # y = r (m G - 1)
    assert "  g_1 = sqrt(c_6_2**2 + c_7_1**2)" in text  # r
    assert system.angles == (
        "pi - the limiting angle of row orbit 2 and row orbit 3",
    )  # the row at -v: its angle with u is that of v with -u
    values = dict(zip((u.name for u in system.unknowns), system.enclose(200), strict=True))
    for expression in system.sympy(explicit=True):
        subs = {symbol: values[symbol.name].str(40, radius=False) for symbol in expression.free_symbols}
        assert abs(expression.evalf(30, subs=subs)) < 1e-25


def test_the_proof_is_a_box_with_one_solution_and_more_digits_lie_in_it() -> None:
    system = system_for(1, 1)
    box, few, many = system.box(64), system.enclose(64), system.enclose(400)
    assert all(b.contains(x) and x.contains(y) for b, x, y in zip(box, few, many, strict=True))
    assert all(x.rad() < arb(2) ** -380 for x in many) and all(b.rad() > 1e-10 for b in box)


@pytest.mark.slow
def test_second_terms_are_those_of_the_family() -> None:
    """With two terms of each entry the truncation error at t = 10**-20 is that of the third."""
    values = leading_system(extra_neuron(1), 2, guide_for(1, 1), 2).start_values(300)
    point, limits, exponents = extra_neuron_point(1, 1)
    with mpmath.workdps(120):
        for i, (x, limit, e) in enumerate(zip(point, limits, exponents, strict=True)):
            first, second = (mpmath.mpf(values[i, k].str(70, radius=False)) for k in (e, e + 1))
            left = (mpmath.mpf(x) - limit) * mpmath.mpf(10) ** (HUGE // 2 * e) - first - second / mpmath.mpf(10) ** 20
            assert abs(left) < 1e-37


def limit_gradient(x: Any, y: Any, m: int) -> tuple[Any, Any]:
    """The derivatives by own x and off y of  sum kappa(u_i, u_j)/2 - sum kappa(u_i, v_j),  rows of Delta S_m, for the
    kernel kappa = ReLU's - s/4 - sqrt(p q)/2 pi; times 2 pi/m. Its critical points are the limits of a small block.
    """
    p, s = x * x + (m - 1) * y * y, 2 * x * y + (m - 2) * y * y

    def by_p(q: Any, s: Any) -> Any:
        return (mpmath.sqrt(p * q - s * s) - mpmath.sqrt(p * q)) / (2 * p)

    def by_s(q: Any, s: Any) -> Any:
        return mpmath.pi / 2 - mpmath.acos(s / mpmath.sqrt(p * q))

    in_p = (mpmath.pi / 2 - 1) / 2 + (m - 1) * by_p(p, s) - by_p(1, x) - (m - 1) * by_p(1, y)
    in_s = (m - 1) * by_s(p, s) / 2
    return (
        in_p * 2 * x + in_s * 2 * y - by_s(1, x),
        in_p * 2 * (m - 1) * y + in_s * (2 * x + 2 * (m - 2) * y) - (m - 1) * by_s(1, y),
    )


@pytest.mark.parametrize(
    "near",
    [
        ("0.5", "-0.28"),
        pytest.param(("-0.5", "0.28"), marks=pytest.mark.slow),
        ("0.29", "-0.61"),
        pytest.param(("-0.29", "0.61"), marks=pytest.mark.slow),
    ],
)
def test_limits_that_are_no_multiples_of_one(near: tuple[str, str]) -> None:
    """Delta(S_{d-3} x S_3), the small block's own and off entries both O(1): unknown limits, three limiting angles."""
    m, d = 3, 10**HUGE
    with mpmath.workdps(70):
        x, y = mpmath.findroot(lambda x, y: limit_gradient(x, y, m), tuple(map(mpmath.mpf, near)), tol=1e-60)
        norm = mpmath.sqrt(x * x + 2 * y * y)
        own, column = m * (1 - norm), 1 - x - 2 * y  # the bulk's response: norms, and sums of columns
    problem = Problem(FixedSpace(Isotropy.parse(f"d-{m},{m}")), RELU)
    t2 = mpmath.mpf(10) ** -HUGE
    point = newton(problem, 200, [1 + own * t2, -3 * t2**2, column * t2, t2 / 2, x, y], d)
    exact = [(1, 2), (0, 4), (0, 2), (0, 2)]
    guide = [
        CoordinateGuide(Fraction(limit), e, (value - limit) * 10 ** (HUGE // 2 * e), digits=DIGITS)
        for value, (limit, e) in zip(point, exact, strict=False)
    ]
    guide += [CoordinateGuide(None, 2, value=value, digits=DIGITS) for value in point[4:]]
    system = leading_system(problem, 2, guide)
    values = system.start_values(240)
    assert holds(values[4, 0], x, 60) and holds(values[5, 0], y, 60)
    assert holds(values[0, 2], own, 60) and holds(values[2, 2], column, 60)
    assert len(system.angles) == 3 and all("row orbit 2" in where for where in system.angles)


@pytest.mark.parametrize("name", ["2a", "3b"])
def test_polynomial_systems_are_solved_too(name: str, known: Any) -> None:
    """Theorem 1's families: the coefficients are those that the exact engine finds in Q(pi)."""
    series = list(known(name).series(6).entries.values())
    first = [next(k for k in range(1, 7) if s[k]) for s in series]
    guide = [
        CoordinateGuide(Fraction(str(s[0])), k, s.field.ball(s[k], 100).str(20, radius=False), digits=DIGITS)
        for s, k in zip(series, first, strict=True)
    ]
    values = leading_system(known(name).problem, 2, guide).start_values(128)
    assert {(i, k) for i, k in enumerate(first)} <= values.keys()
    for (i, k), ball in values.items():
        assert ball.overlaps(series[i].field.ball(series[i][k], 200)) and ball.rad() < 1e-35


def test_a_relation_that_decides_what_vanishes_is_read_off_the_guide() -> None:
    """Delta(S_{d-2} x S_2), the block's two rows opposite at the limit: own = -off. For generic own and off their Gram
    root would not vanish. The limit is (pi + 4 - 4 sqrt(2))/(4 pi - 8).
    """
    problem = Problem(FixedSpace(Isotropy.parse("d-2,2")), RELU)
    with mpmath.workdps(200):
        limit = (mpmath.pi + 4 - 4 * mpmath.sqrt(2)) / (4 * mpmath.pi - 8)
        rough, exponents = ["1.08", "-1.08", "1", "0.17", "0.23", "-0.53"], [2, 4, 2, 4, 2, 2]
        limits = [1, 0, 0, 0, limit, -limit]
        t = mpmath.mpf(10) ** (-HUGE // 2)
        start = [x + mpmath.mpf(c) * t**e for x, c, e in zip(limits, rough, exponents, strict=True)]
        point = newton(problem, 200, start, 10**HUGE)
        guide = [
            CoordinateGuide(Fraction(x) if x in (0, 1) else None, e, (y - x) / t**e, y, DIGITS)
            for x, y, e in zip(limits, point, exponents, strict=True)
        ]
    system = leading_system(problem, 2, guide)
    assert [r.text for r in system.relations] == ["L_5 + L_6"] and "L_5 + L_6 = 0, read off the guide" in system.text()
    values = system.start_values(200)
    assert holds(values[4, 0], limits[4], 50) and holds(values[5, 0], limits[5], 50)


@pytest.mark.slow
def test_exponents_in_quarters() -> None:
    """k = d + 1, two rows that share the target's -v at the limit: powers of d**(-1/4), all constants exact.

    Some undetermined coefficients cancel only by what the lowest equations say of the others (c_5_1 = c_7_1).
    """
    exponents = [7, 8, 4, 5, 1, 4, 1]
    rough = ["-5.2", "1.27", "2", "1.85", "0.43", "-1.27", "0.43"]
    limits = [1, 0, 0, 0, -1, 0, 0]
    t = mpmath.mpf(10) ** (-HUGE // 2)  # at d = 10**(2 HUGE)
    start = [limit + mpmath.mpf(c) * t**e for limit, c, e in zip(limits, rough, exponents, strict=True)]
    point = newton(extra_neuron(1), 400, start, 10 ** (2 * HUGE))
    guide = [
        CoordinateGuide(Fraction(limit), e, (x - limit) * 10 ** (HUGE // 2 * e), digits=DIGITS)
        for x, limit, e in zip(point, limits, exponents, strict=True)
    ]
    system = leading_system(extra_neuron(1), 4, guide)
    assert system.definitions() == {} or not any(name in system.text() for name in ("g_1", "psi_1"))
    values = system.start_values(240)
    with mpmath.workdps(80):
        pi, c = mpmath.pi, mpmath.sqrt(mpmath.mpf(32) / (3 * mpmath.pi**2 * (mpmath.pi**2 - 4)))
        last = -8 / (c * (pi**2 - 2 * pi))
        expected = [last, 4 / pi, 2, last / 2 + 6 / (c * pi), c, -4 / pi, c]
        assert all(holds(values[i, e], x, 60) for i, (e, x) in enumerate(zip(exponents, expected, strict=True)))


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("coordinate", "change"), [(0, -1), (1, 1), (4, 1), (5, -1), (6, 1)])
def test_a_wrong_exponent_is_refused(coordinate: int, change: int) -> None:
    """The equations of wrong exponents often have solutions, but not these numbers."""
    guide = guide_for(1, 1)
    guide[coordinate] = replace(guide[coordinate], exponent=extra_neuron_point(1, 1)[2][coordinate] + change)
    with pytest.raises(NoFamily, match=r"does not satisfy .* of dL/da_"):
        leading_system(extra_neuron(1), 2, guide)


def test_a_guide_that_is_slightly_wrong_is_refused() -> None:
    guide = guide_for(1, 1)
    guide[4] = replace(guide[4], coefficient=guide[4].coefficient * (1 + mpmath.mpf("1e-10")))
    with pytest.raises((NoFamily, Undecided), match="guide"):
        leading_system(extra_neuron(1), 2, guide).enclose(64)


def test_incomplete_guides_are_refused() -> None:
    problem = extra_neuron(1)
    full = guide_for(1, 1)
    for guide, words in (
        (full[:-1], "give one for each of a_1"),
        ([CoordinateGuide(None, 1, "1"), *full[1:]], "neither an exact limit nor"),
        ([CoordinateGuide(Fraction(1), 3), *full[1:]], "and the coefficient"),
        ([CoordinateGuide(None, None, value="0.3"), *full[1:]], "give its exponent"),
        ([CoordinateGuide(Fraction(1), None)] * 7, "constant point"),
    ):
        with pytest.raises(BadInput, match=words):
            leading_system(problem, 2, guide)


# -- the parts --------------------------------------------------------------------------------------------------------


def toy() -> FunctionField:
    """Unknowns x = 1, y = 2 and u, v without values."""
    return FunctionField(["x", "y", "u", "v"], lambda bits: [arb(1), arb(2), *[arb(0, float("inf"))] * 2])


def test_open_unknowns_are_eliminated_exactly() -> None:
    """x u + y - 2 + v, u + x - 1, 3 v + x y - 2, y - 2 x: two equations in x and y are left, with their origin."""
    field = toy()
    x, y, u, v = (field.unknown(i) for i in range(4))
    expressions = [x * u + y - 2 + v, u + x - 1, 3 * v + x * y - 2, y * y - 4 * x, u * u * u - v]
    found = [Condition(e, {(i, 0): field.one}, 0) for i, e in enumerate(expressions)]
    given = {0: arb(1), 1: arb(2)}
    numerics = Numerics(field, found, given)
    chosen, hidden = needed(numerics, found, {0, 1})
    assert chosen is not None and not hidden
    kept = numerics.determined(chosen)
    result, vanishing = square(field, chosen, kept)
    assert not vanishing
    assert len(result) == len(kept)
    for condition in result:
        assert condition.expression.unknowns() <= kept
        total = sum((m * expressions[i] for (i, _), m in condition.combination.items()), field.zero)
        assert total == condition.expression


def test_a_coefficient_that_vanishes_at_the_solution_frees_a_condition_and_is_reported() -> None:
    """(x y - 2) u + y - 2 x: with x y = 2, which is not affine, u drops out; other coefficients are refused."""
    field = toy()
    x, y, u = (field.unknown(i) for i in range(3))
    product = Condition(x * y - 2, {(0, 0): field.one}, 0)
    result, vanishing = square(field, [product, Condition((x * y - 2) * u + y - 2 * x, {}, 0)], {0, 1})
    assert vanishing == [x * y - 2] and [c.expression for c in result] == [x * x - 1, 2 * x - y]
    system = SquareSystem(field, (0, 1), tuple(c.expression for c in result), tuple(vanishing))
    assert [float(v) for v in system.enclose([arb("1.01"), arb("1.99")], 64)[0]] == [1, 2]
    with pytest.raises(Undecided, match="no linear way"):
        square(field, [product, Condition((x * y - 1) * u * u + y - 2 * x, {}, 0)], {0, 1})


def test_what_is_singular_false_or_of_another_sign_is_not_enclosed() -> None:
    field = toy()
    x, y = field.unknown(0), field.unknown(1)
    start = [arb("1.01"), arb("1.99")]
    good = SquareSystem(field, (0, 1), (x * y - 2, y - 2 * x))
    assert [float(v) for v in good.enclose(start, 64)[0]] == [1, 2]
    with pytest.raises(Undecided, match="singular"):
        SquareSystem(field, (0, 1), (x * y - 2, (x * y - 2) * x)).enclose(start, 64)
    with pytest.raises(NoFamily, match="must vanish"):
        SquareSystem(field, good.unknowns, good.equations, (x + y - 4,)).enclose(start, 64)
    field.sqrt(x * x)  # takes x to be positive, as it is at the marked point
    with pytest.raises(Undecided, match="sign"):
        good.enclose([arb("-1.01"), arb("-1.99")], 64)
