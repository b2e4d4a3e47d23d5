"""Where negative eigenvalues appear: closed forms against the notes, the discriminant and the certified index."""

import math
from fractions import Fraction

import pytest
import sympy as sp

from symrelu.errors import BadInput
from symrelu.free import Discrete, MarchenkoPastur, ProductWishart, Semicircle, inverse
from symrelu.free.crossings import law_threshold
from symrelu.free.elimination import G, Z, discriminant
from symrelu.free.models import model, refined, wishart_wigner
from symrelu.free.onset import FIELD, as_polynomial, as_product, cube_root_scale, onset, p, sign_on
from symrelu.free.radicals import ball_of, exact_text
from symrelu.free.thresholds import _REGIMES, MODELS, PHI, formulas, threshold

EPS = sp.Symbol("eps", positive=True)
SIGMA = sp.Symbol("sigma", positive=True)

# computed without symrelu (notes, section 4): phi, eps_c, alpha_0, a_1
WISHART_WIGNER = [
    ("1/10", "0.083434588481235804507619", "0.129747523127585665795133", "-0.932200703"),
    ("1/4", "0.043509526419164492536396", "0.074832737793521426236811", "-0.795373864"),
    ("1/2", "0.011271242968684280127866", "0.033500666418986729594648", "-0.711246117"),
    ("3/4", "0.001266198590758383344456", "0.012676681218041829833507", "-0.675090013"),
    ("9/10", "0.000076658985826198330059", "0.004428387048916965419445", "-0.662129858"),
]
REFINED = [
    ("1/10", "3.126117909223803061860229", "0.115784479142269020358316", "-0.915415376"),
    ("1/4", "0.627416997969520780827019", "0.066599873444539655013803", "-0.806325782"),
    ("1/2", "0.081036709808536534045241", "0.031104357535312134769621", "-0.727875603"),
    ("3/4", "0.006305132640576025923194", "0.012269168772454162231239", "-0.683794298"),
    ("9/10", "0.000330320403426292601743", "0.004375974629152442298727", "-0.665356577"),
]


@pytest.mark.parametrize(
    ("name", "row"),
    [*(("wishart-wigner", row) for row in WISHART_WIGNER), *(("refined", row) for row in REFINED)],
)
def test_numbers_of_the_notes(name: str, row: tuple[str, ...]) -> None:
    phi, eps_c, alpha_0, a_1 = row
    found = threshold(name, phi)
    for what, known in (("eps_c", eps_c), ("alpha_0", alpha_0)):
        assert abs(Fraction(found.decimal(what, 30)) / Fraction(known) - 1) < Fraction(1, 10**18)
    assert abs(float(found.decimal("a_1")) - float(a_1)) < 2e-9


@pytest.mark.parametrize(
    ("name", "phi", "what", "known"),
    [
        ("wishart-wigner", "3/8", "eps_c", "3/128"),
        ("wishart-wigner", "3/8", "G_c", "-8/3"),
        ("wishart-wigner", "3/8", "alpha_0", "sqrt(2)/(9*pi)"),
        ("wishart-wigner", "5/32", "eps_c", "135/2048"),
        ("refined", "1/3", "eps_c", "5/16"),
        ("wishart-wigner", "1/4", "eps_c", "3*(-3 + 2*sqrt(3))/32"),
    ],
)
def test_exact_values(name: str, phi: str, what: str, known: str) -> None:
    assert exact_text(threshold(name, phi).exact(what)) == known


def test_the_square_of_alpha_0_of_the_refined_model_at_one_third() -> None:
    alpha_0 = threshold("refined", "1/3").alpha_0
    assert sp.simplify(alpha_0**2 * sp.pi**2 - sp.Rational(20, 81) ** 2 / sp.Rational(7, 3)) == 0


@pytest.mark.parametrize("name", MODELS)
def test_eps_c_is_a_root_of_the_discriminant_at_zero(name: str) -> None:
    """The paper's recipe (section 4.2): L(G, 0) has a double root in G, and it is G_c."""
    regime, found = _REGIMES[name], formulas(name)
    L = model(name, PHI, EPS).polynomial.subs(Z, 0)
    at = {PHI: regime.curve, EPS: found.eps_c.subs(regime.of_p)}
    root = found.G_c.subs(regime.of_p)
    for vanishing in (discriminant(L, G), L, sp.diff(L, G)):
        assert FIELD.from_expr(vanishing.subs(at).subs(G, root)) == 0
    assert sign_on(sp.cancel(root), regime.interval) == -1


def test_printed_formulas_of_the_paper() -> None:
    """Eqs. (21) and (32), the roots replaced by their names over Q(p): the same numbers, written less stably."""
    first, second = _REGIMES["wishart-wigner"], _REGIMES["refined"]
    printed = (1 - 20 * PHI - 8 * PHI**2 + p**3) / 16
    ours = formulas("wishart-wigner").eps_c.subs(first.of_p)
    assert FIELD.from_expr(printed.subs(PHI, first.curve)) == FIELD.from_expr(ours)
    t, d = second.main, second.side
    printed = (27 - 18 * t**2 - t**4 + 8 * t**3) / (32 * PHI * d**3)
    ours = formulas("refined").eps_c
    assert FIELD.from_expr(printed.subs(second.of_p)) == FIELD.from_expr(ours.subs(second.of_p))


@pytest.mark.parametrize("name", ["wishart-wigner", "refined", "saturation"])
def test_names_mean_the_same_over_p_and_over_phi(name: str) -> None:
    regime = _REGIMES[name]
    for symbol, meaning in regime.of_phi.items():
        over_p = regime.of_p[symbol]
        assert sp.cancel(over_p**2 - sp.expand(meaning**2).subs(PHI, regime.curve)) == 0
        assert sign_on(over_p, regime.interval) == 1
    ends = [sp.limit(regime.curve, p, end) for end in regime.interval]
    assert sorted(ends) == ([1, 2] if name == "saturation" else [0, 1])
    assert sign_on(sp.diff(regime.curve, p), regime.interval) is not None, (
        "phi is monotonic: the whole domain is covered"
    )


@pytest.mark.parametrize("name", MODELS)
def test_sigma_only_scales(name: str) -> None:
    unit, scaled = model(name, PHI, EPS), model(name, PHI, EPS * SIGMA**2, SIGMA)
    assert sp.cancel((SIGMA * unit).R - scaled.R) == 0
    assert sp.simplify(threshold(name, PHI, SIGMA).eps_c / threshold(name, PHI).eps_c) == SIGMA**2
    assert threshold(name, "1/3", "1/2").decimal("alpha_0") == threshold(name, "1/3").decimal("alpha_0")


def test_limits_of_the_closed_forms() -> None:
    d = sp.Symbol("d", positive=True)
    first, second = (threshold(name, 1 - d) for name in MODELS)
    assert sp.limit(first.eps_c / d**3, d, 0) == sp.Rational(2, 27), "eq. (22)"
    assert sp.limit(second.eps_c / d**3, d, 0) == sp.Rational(8, 27), "eq. (33)"
    for found in (first, second):
        assert sp.simplify(sp.limit(found.alpha_0 / d, d, 0) - 2 / (9 * sp.sqrt(3) * sp.pi)) == 0
        assert sp.simplify(sp.limit(found.alpha_0, d, 1) - 2 / (3 * sp.pi)) == 0
        assert sp.limit(found.a_1, d, 1) == sp.Rational(-6, 5)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("phi", ["1/10", "1/2", "9/10"])
def test_two_terms_against_the_certified_index(name: str, phi: str) -> None:
    found = threshold(name, phi)
    eps_c, alpha_0 = Fraction(found.decimal("eps_c", 40)), float(found.decimal("alpha_0"))
    assert model(name, phi, eps_c * Fraction(999, 1000)).spectrum.index() == "0"
    slopes = []
    for x in (Fraction(1, 1000), Fraction(2, 1000)):
        index = float(model(name, phi, eps_c * (1 + x)).spectrum.index())
        slopes.append((index / (alpha_0 * float(x) ** 1.5) - 1) / float(x))
        assert found.near(float(eps_c * (1 + x))) == pytest.approx(index, rel=2 * float(x) ** 2)
    assert 2 * slopes[0] - slopes[1] == pytest.approx(float(found.decimal("a_1")), abs=1e-5)
    assert found.near(float(eps_c) / 2) == 0


def test_near_phi_1_no_digit_is_lost() -> None:
    d = Fraction(1, 10**40)
    for name, leading in (("wishart-wigner", Fraction(2, 27)), ("refined", Fraction(8, 27))):
        eps_c = Fraction(threshold(name, 1 - d).decimal("eps_c", 30))
        assert abs(eps_c / (leading * d**3) - 1) < Fraction(1, 10**28)


def test_signs_on_intervals_are_proved() -> None:
    unit = (sp.Integer(0), sp.Integer(1))
    assert sign_on((p - 2) / (p + 1), unit) == -1
    assert sign_on(p * (1 - p), unit) == 1, "zeros at the ends do not count"
    assert sign_on(2 * p - 1, unit) is None
    assert sign_on((2 * p - 1) ** 2, unit) is None, "it vanishes inside"
    assert sign_on(p - 3, (sp.Integer(3), sp.oo)) == 1


def test_products_and_polynomials_in_names() -> None:
    a, b = sp.symbols("a b", positive=True)
    names = {a: p, b: 1 + p}
    assert as_product(3 * p**2 / (1 + p), names) == (3, a**2 / b)
    assert as_product(-p, names) == (-1, a)
    assert as_polynomial(p**2 + p + 5, names, [sp.S.One, a, a * b]) == a * b + 5
    for wrong in (lambda: as_product(p + 2, names), lambda: as_polynomial(p**3, names, [a, a * b])):
        with pytest.raises(ArithmeticError, match="exactly one way"):
            wrong()


def test_an_onset_needs_one_positive_double_root() -> None:
    with pytest.raises(ArithmeticError, match="not one"):
        onset(wishart_wigner(PHI, EPS), EPS, PHI, _REGIMES["wishart-wigner"].curve, (sp.Integer(4), sp.Integer(5)))
    with pytest.raises(ArithmeticError, match="changes its sign"):
        onset(wishart_wigner(PHI, EPS), EPS, PHI, _REGIMES["wishart-wigner"].curve, (sp.Integer(2), sp.Integer(5)))


def test_an_onset_decides_every_double_root() -> None:
    """Over Q(phi) itself the two double roots are conjugate: their signs would not be proved."""
    with pytest.raises(ArithmeticError, match="degree 2 over Q"):
        onset(wishart_wigner(PHI, EPS), EPS, PHI, p, (sp.Integer(0), sp.Integer(1)))


# no threshold: phi >= 1 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "phi"), [(name, phi) for name in MODELS for phi in ("1", "5/4", "2", "3")])
def test_floor_and_ceiling_are_limits_of_the_index(name: str, phi: str) -> None:
    found = threshold(name, phi)
    assert found.eps_c is None
    assert str(found.reason)
    low, high = (float(model(name, phi, eps).spectrum.index(12)) for eps in ("1e-12", "1e12"))
    assert low == pytest.approx(float(found.floor), abs=1e-3)
    assert high == pytest.approx(float(found.ceiling), abs=1e-3)
    with pytest.raises(BadInput, match="eps_c"):
        found.decimal("eps_c")


@pytest.mark.parametrize(("name", "scale"), [("wishart-wigner", 4), ("refined", 16)])
def test_cube_root_law_at_phi_1(name: str, scale: int) -> None:
    sigma, eps = Fraction(1, 2), Fraction(1, 10**24)
    index = float(model(name, 1, eps, sigma).spectrum.index())
    assert index == pytest.approx(3 * 3**0.5 / (2 * math.pi) * (float(eps / sigma**2) / scale) ** (1 / 3), rel=1e-6)
    assert f"eps/({scale} sigma**2)" in str(threshold(name, 1).reason)


def test_cube_root_laws_are_derived_where_they_hold() -> None:
    assert [cube_root_scale(model(name, 1, EPS), EPS) for name in MODELS] == [4, 16]
    for law in (wishart_wigner("1/2", EPS), ProductWishart(EPS, 1)):
        with pytest.raises(ArithmeticError, match="exponent 1/3|not linear"):
            cube_root_scale(law, EPS)


def test_saturation_of_the_refined_model() -> None:
    found = threshold("refined", "3/2")
    assert found.decimal("eps_sat", 19) == "49.36034556993617884"
    assert found.decimal("coefficient", 10) == "0.01036811918"
    eps_sat, C = Fraction(found.decimal("eps_sat", 40)), float(found.decimal("coefficient"))
    assert refined("3/2", eps_sat * Fraction(1001, 1000)).spectrum.index() == "0.33333333333333333333"
    slopes = []
    for y in (Fraction(1, 1000), Fraction(2, 1000)):
        missing = Fraction(1, 3) - Fraction(refined("3/2", eps_sat * (1 - y)).spectrum.index(30))
        slopes.append((float(missing) / (C * float(y) ** 1.5) - 1) / float(y))
    assert 2 * slopes[0] - slopes[1] == pytest.approx(float(found.decimal("next")), abs=1e-5)


@pytest.mark.parametrize("phi", ["101/100", "5/4", "7/4", "199/100"])
def test_saturation_across_its_domain(phi: str) -> None:
    found = threshold("refined", phi)
    eps_sat = Fraction(found.decimal("eps_sat", 40))
    share = Fraction(1, 100)
    above, below = (Fraction(refined(phi, eps_sat * c).spectrum.index(30)) for c in (1 + share, 1 - share))
    assert below < above
    assert abs(above - Fraction(str(found.ceiling))) < Fraction(1, 10**28)


@pytest.mark.parametrize("phi", ["1", "2", "5/2"])
def test_no_saturation_elsewhere(phi: str) -> None:
    assert threshold("refined", phi).saturation is None
    assert threshold("wishart-wigner", phi).saturation is None


# any law in one parameter ---------------------------------------------------------------------------------------------


def test_law_threshold_agrees_with_the_closed_form() -> None:
    for name in MODELS:
        (crossing,) = law_threshold(model(name, "1/4", EPS), EPS)
        found = threshold(name, "1/4")
        assert crossing.decimal(30) == found.decimal("eps_c", 30)
        assert crossing.coefficient(25) == found.decimal("alpha_0", 25)
        assert crossing.gap == "below" and crossing.index() == "0"


def test_law_threshold_finds_the_saturation() -> None:
    (crossing,) = law_threshold(refined("3/2", EPS), EPS)
    found = threshold("refined", "3/2")
    assert crossing.decimal(30) == found.decimal("eps_sat", 30)
    assert crossing.coefficient(25) == found.decimal("coefficient", 25)
    assert crossing.gap == "above" and crossing.index() == "0.33333333333333333333"


def test_law_threshold_of_a_shifted_law_that_wanders_over_zero() -> None:
    first, second = law_threshold(MarchenkoPastur("1/4") + (-EPS), EPS)
    assert [first.decimal(5), second.decimal(5)] == ["0.25000", "2.2500"]
    assert (first.gap, first.index()) == ("below", "0")
    assert (second.gap, second.index()) == ("above", "1")


@pytest.mark.parametrize("mean", ["1e-40", "1e40"])
def test_law_threshold_at_any_scale(mean: str) -> None:
    """0 crosses the edges of MarchenkoPastur(1/3, mean) - eps at mean (1 -+ sqrt(1/3))**2."""
    crossings = law_threshold(MarchenkoPastur("1/3", mean) - EPS, EPS)
    expected = [(1 - 3**-0.5) ** 2, (1 + 3**-0.5) ** 2]
    assert [float(x.decimal(17)) / float(mean) for x in crossings] == pytest.approx(expected, rel=1e-14)
    assert [x.index() for x in crossings] == ["0", "1"]


def test_law_threshold_with_edges_of_very_different_sizes() -> None:
    """The mean 1e-40 beside the ratio 1/3, as two parameters: edges that floats would round together."""
    crossings = law_threshold(MarchenkoPastur("1e-40", "1/3") - EPS, EPS)
    assert [x.decimal(5) for x in crossings] == ["0.33333", "0.33333"]
    gap = Fraction(crossings[1].decimal(45)) - Fraction(crossings[0].decimal(45))
    assert float(gap) == pytest.approx(4e-20 / 3)


def test_law_threshold_of_an_algebraic_law() -> None:
    law = MarchenkoPastur("1/4") + inverse(MarchenkoPastur("1/4")) + Semicircle(EPS)
    (crossing,) = law_threshold(law, EPS)
    at = Fraction(crossing.decimal(30))
    assert law.subs({EPS: at * Fraction(999, 1000)}).spectrum.index() == "0"
    x = Fraction(1, 1000)
    index = float(law.subs({EPS: at * (1 + x)}).spectrum.index(12))
    assert index / (float(crossing.coefficient()) * float(x) ** 1.5) == pytest.approx(1, abs=2e-3)


def test_where_two_bands_meet_in_a_cusp_there_is_no_three_halves_law() -> None:
    (crossing,) = law_threshold(Discrete({-1: "1/2", 1: "1/2"}) + Semicircle(EPS), EPS)
    assert crossing.decimal(8) == "1.0000000"
    assert crossing.gap == "below" and crossing.index(5) == "0.50000"
    with pytest.raises(BadInput, match="no 3/2 law"):
        crossing.coefficient()


def test_no_crossings() -> None:
    assert law_threshold(wishart_wigner(2, EPS), EPS) == ()
    assert law_threshold(ProductWishart(EPS, "1/2"), EPS) == ()


# what is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("refined", 0), "phi was given as 0"),
        (("refined", -1), "phi was given as -1"),
        (("refined", "nan"), "phi was given as 'nan'"),
        (("refined", "1/4", 0), "sigma was given as 0"),
        (("product-wishart", "1/4"), "no threshold"),
        (("wigner", "1/4"), "wishart-wigner, refined"),
    ],
)
def test_bad_input(arguments: tuple[object, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        threshold(*arguments)  # type: ignore[arg-type]


def test_decimals_need_numbers_and_digits() -> None:
    with pytest.raises(BadInput, match="phi"):
        threshold("refined", sp.Symbol("phi")).decimal()
    with pytest.raises(BadInput, match="0 digits"):
        threshold("refined", "1/4").decimal("eps_c", 0)
    with pytest.raises(BadInput, match="alone"):
        law_threshold(wishart_wigner(PHI, EPS), EPS)


def test_nested_roots_in_the_grammar_of_the_command_line() -> None:
    x = 3 * sp.root(2, 4) ** 3 / (sp.pi * (1 + sp.sqrt(2)))
    assert exact_text(x) == "3*sqrt(sqrt(2))**3/(pi*(1 + sqrt(2)))"
    assert float(ball_of(x, 80).mid()) == pytest.approx(float(x))
