"""Kernels: the closed form against the integral it stands for, the derivatives against differentiation of that form."""

from collections.abc import Callable
from fractions import Fraction
from math import atan2, cos, erf, exp, pi, sin
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import FLOAT, SYMBOLIC, BallArithmetic, MpmathArithmetic, SeriesArithmetic
from symrelu.exact.qpi import QPI
from symrelu.model.activations import ABS, ERF, S3, Z2, Z3, kernel_named, leaky
from symrelu.model.kernels import FIRST, PSI, RELU, SECOND, G, Gram, Kernel, NeedsAField, P, Parameter, Q, S

LEAKY = leaky("1/10")
SQUARED = Kernel("relu2", 3 * G * S + PSI * (P * Q + 2 * S**2), 1 / (2 * sympy.pi))
"""phi(z) = max(0, z)**2, as a user would add it (Cho & Saul 2009, degree 2)."""

PHI: dict[Kernel, Callable[[float], float]] = {
    RELU: lambda z: max(z, 0.0),
    LEAKY: lambda z: max(z, z / 10),
    ABS: abs,
    ERF: erf,
    Z2: lambda z: z**2,
    Z3: lambda z: z**3,
    SQUARED: lambda z: max(z, 0.0) ** 2,
}


def arc_cosine(p: Any, q: Any, s: Any) -> Any:
    """ReLU's kernel as the papers write it (Cho & Saul 2009): |w||v| (sin(theta) + (pi - theta) cos(theta)) / 2 pi."""
    theta = mpmath.acos(s / mpmath.sqrt(p * q))
    return mpmath.sqrt(p * q) * (mpmath.sin(theta) + (mpmath.pi - theta) * mpmath.cos(theta)) / (2 * mpmath.pi)


def squared_arc_cosine(p: Any, q: Any, s: Any) -> Any:
    """Degree 2: (|w||v|)**2 (3 sin(theta) cos(theta) + (pi - theta) (1 + 2 cos(theta)**2)) / 2 pi."""
    theta = mpmath.acos(s / mpmath.sqrt(p * q))
    c = mpmath.cos(theta)
    return p * q * (3 * mpmath.sin(theta) * c + (mpmath.pi - theta) * (1 + 2 * c**2)) / (2 * mpmath.pi)


FORMULAS: dict[Kernel, Callable[[Any, Any, Any], Any]] = {
    RELU: arc_cosine,
    LEAKY: lambda p, q, s: (mpmath.mpf(9) / 10) ** 2 * arc_cosine(p, q, s) + s / 10,
    ABS: lambda p, q, s: 4 * arc_cosine(p, q, s) - s,
    ERF: lambda p, q, s: 2 / mpmath.pi * mpmath.asin(2 * s / mpmath.sqrt((1 + 2 * p) * (1 + 2 * q))),
    Z2: lambda p, q, s: p * q + 2 * s**2,
    Z3: lambda p, q, s: 6 * s**3 + 9 * p * q * s,
    S3: lambda p, q, s: s**3,
    SQUARED: squared_arc_cosine,
}

Plane = tuple[float, float]


def gaussian_mean(phi: Callable[[float], float], w: Plane, v: Plane) -> float:
    """E[phi(<w,x>) phi(<v,x>)], x ~ N(0, I_2), by quadrature in polar coordinates split where an argument is 0."""

    def density(radius: Any, angle: Any) -> float:
        r = float(radius)
        x, y = r * cos(angle), r * sin(angle)
        return r * exp(-r * r / 2) * phi(w[0] * x + w[1] * y) * phi(v[0] * x + v[1] * y) / (2 * pi)

    kinks = [atan2(b, a) + pi / 2 for a, b in (w, v)]
    kinks = sorted({(angle + turn) % (2 * pi) for angle in kinks for turn in (0, pi)})
    return float(mpmath.quad(density, [0, 3, 12], [0, *kinks, 2 * pi], method="gauss-legendre", maxdegree=4))


@pytest.mark.parametrize("kernel", PHI, ids=lambda kernel: kernel.name)
@pytest.mark.parametrize(("w", "v"), [((1, 0), (0.5, 0.75)), ((1.25, -0.5), (-1, 0.25))])
def test_kernel_is_the_mean_that_defines_it(kernel: Kernel, w: Any, v: Any) -> None:
    p, q, s = (sympy.Rational(Fraction(a[0] * b[0] + a[1] * b[1])) for a, b in ((w, w), (v, v), (w, v)))
    assert gaussian_mean(PHI[kernel], w, v) == pytest.approx(float(kernel(p, q, s)), rel=1e-10)


@pytest.mark.parametrize("kernel", PHI, ids=lambda kernel: kernel.name)
def test_kernel_is_the_mean_over_random_inputs(kernel: Kernel) -> None:
    """The definition in d = 3, without any coordinates of the plane of w and v: 200 000 seeded inputs."""
    w, v = np.array([0.5, -0.25, 0.75]), np.array([0.25, 1.0, -0.5])
    x = np.random.default_rng(11).standard_normal((200_000, 3))
    products = np.vectorize(PHI[kernel], otypes=[float])(x @ w) * np.vectorize(PHI[kernel], otypes=[float])(x @ v)
    p, q, s = (sympy.Rational(Fraction(float(a @ b))) for a, b in ((w, w), (v, v), (w, v)))
    error = np.std(products, ddof=1) / np.sqrt(len(x))
    assert abs(np.mean(products) - float(kernel(p, q, s))) < 5 * error
    assert error < 0.03 * float(sympy.sqrt(kernel(p, p, p) * kernel(q, q, q)))


numbers = st.fractions(Fraction(1, 10), 4, max_denominator=20)
cosines = st.fractions(Fraction(-19, 20), Fraction(19, 20), max_denominator=40)


@pytest.mark.parametrize("kernel", FORMULAS, ids=lambda kernel: kernel.name)
@given(p=numbers, q=numbers, cosine=cosines)
@settings(max_examples=6)
def test_partials_are_the_derivatives(kernel: Kernel, p: Fraction, q: Fraction, cosine: Fraction) -> None:
    """Regular and singular part together are mpmath's differences of the explicit formula, at 40 digits."""
    arithmetic = MpmathArithmetic(40)
    with mpmath.workdps(40):
        point = [mpmath.mpf(x.numerator) / x.denominator for x in (p, q, cosine)]
        point[2] = point[2] * mpmath.sqrt(point[0] * point[1])
        p_, q_, s_ = (arithmetic.context.mpf(x) for x in point)
        c = arithmetic.rational(kernel.lift)
        ratio, other_ratio = s_ / p_, s_ / q_
        if kernel.lift:
            p_, q_, s_ = 1 + c * p_, 1 + c * q_, c * s_
        g = arithmetic.context.sqrt(p_ * q_ - s_ * s_)
        gram = Gram(p_, q_, s_, g, arithmetic.supplement(s_, g, 1 / p_, 1 / q_), 1 / p_, 1 / q_, False)
        factor = kernel.prefactor_in(arithmetic)
        kappa_p, kappa_s = (x * factor for x in kernel.first(arithmetic, gram))
        pp, ps, ss, pq, qs, vw, perp = (x * factor for x in kernel.second(arithmetic, gram))
        # perp multiplies v_perp v_perp' and w_perp v_perp', v_perp = v - (s/p) w, w_perp = w - (s/q) v: expand those
        by_order = [
            ((1, 0, 0), kappa_p),
            ((0, 0, 1), kappa_s),
            ((2, 0, 0), pp + perp * ratio**2 / 4),
            ((1, 0, 1), ps - perp * ratio / 2),
            ((0, 0, 2), ss + perp),
            ((1, 1, 0), pq + perp / 4),
            ((0, 1, 1), qs - perp * other_ratio / 2),
            ((0, 0, 2), vw + perp * ratio * other_ratio),
        ]
        for order, value in by_order:
            derivative = mpmath.diff(FORMULAS[kernel], tuple(point), order)
            assert abs(value - derivative) < mpmath.mpf(10) ** -15 * (1 + abs(derivative))


@pytest.mark.parametrize("kernel", [k for k in FORMULAS if k != ERF], ids=lambda kernel: kernel.name)
def test_only_the_part_that_vanishes_at_parallel_rows_is_divided_by_the_gram_root(kernel: Kernel) -> None:
    for name in (*FIRST, *SECOND):
        if name != "perp":
            assert sympy.denom(sympy.together(kernel.partials[name])).has(G) is False
    assert kernel.parallel_limit("perp") == 0


@given(p=numbers, q=numbers, cosine=cosines)
@settings(max_examples=12)
def test_explicit_relu_kernel_is_the_arc_cosine_formula(p: Fraction, q: Fraction, cosine: Fraction) -> None:
    s = cosine * min(p, q)  # |s| < sqrt(p q)
    explicit = RELU(*(sympy.Rational(x.numerator, x.denominator) for x in (p, q, s)))
    with mpmath.workdps(40):
        value = arc_cosine(*(mpmath.mpf(x.numerator) / x.denominator for x in (p, q, s)))
        assert abs(mpmath.mpf(str(sympy.N(explicit, 40))) - value) < mpmath.mpf(10) ** -35


@pytest.mark.parametrize("sign", [1, -1])
def test_relu_kernel_of_parallel_rows(sign: int) -> None:
    """kappa(w, c w) = c |w|**2 / 2 for c > 0, and 0 for c < 0: phi(z) phi(c z) vanishes then."""
    assert RELU(sympy.Integer(3), sympy.Integer(12), sympy.Integer(6 * sign)) == (3 if sign > 0 else 0)


def test_kernel_takes_negative_inner_products() -> None:
    """kappa(w, v) - kappa(w, -v) = s/2, since phi(z) - phi(-z) = z: the symbols' assumptions must not lose a sign."""
    p, q, s = sympy.Rational(3, 2), sympy.Integer(2), sympy.Rational(1, 3)
    assert abs(sympy.N(RELU(p, q, s) - RELU(p, q, -s) - s / 2, 30)) < 1e-29


@pytest.mark.parametrize(
    ("kernel", "degree", "even", "odd"),
    [
        (RELU, 1, False, False),
        (LEAKY, 1, False, False),
        (ABS, 1, True, False),
        (ERF, None, False, True),
        (Z2, 2, True, False),
        (Z3, 3, False, True),
        (S3, 3, False, True),
        (SQUARED, 2, False, False),
    ],
    ids=lambda x: x.name if isinstance(x, Kernel) else str(x),
)
def test_what_a_kernel_knows_of_its_activation(kernel: Kernel, degree: int | None, even: bool, odd: bool) -> None:
    """kappa(c**2 p, q, c s) = c**m kappa(p, q, s), and kappa(p, q, -s) = +-kappa: claimed where decimals agree."""
    assert (kernel.degree, kernel.even, kernel.odd) == (degree, even, odd)
    assert kernel.second_layer_is_free == (degree is None) and kernel.homogeneous == (degree == 1)
    p, q, s, c = sympy.Rational(3, 2), sympy.Rational(4, 5), sympy.Rational(1, 3), sympy.Rational(7, 3)
    value, scaled, mirrored = (sympy.N(x, 30) for x in (kernel(p, q, s), kernel(c**2 * p, q, c * s), kernel(p, q, -s)))
    assert [m for m in range(1, 5) if abs(scaled - c**m * value) < 1e-25] == ([] if degree is None else [degree])
    assert (abs(mirrored - value) < 1e-25, abs(mirrored + value) < 1e-25) == (even, odd)


def test_rotations_and_smoothness() -> None:
    assert [k.rotations for k in FORMULAS] == [k == Z2 for k in FORMULAS]
    assert {k for k in FORMULAS if k.smooth_at_parallel_rows} == {ERF, Z2, Z3, S3}
    assert {k for k in FORMULAS if k.smooth_at_zero_rows} == {ERF, Z2, Z3, S3}
    # a singular part exactly where the second derivatives are not analytic: not for max(0, z)**2, which is C**4 there
    assert {k for k in FORMULAS if k.partials["perp"] != 0} == {RELU, LEAKY, ABS}


def test_kernels_by_name() -> None:
    assert [kernel_named(k.name) for k in (RELU, LEAKY, ABS, ERF, Z2, Z3, S3)] == [RELU, LEAKY, ABS, ERF, Z2, Z3, S3]
    assert leaky(0) == RELU and leaky("-1") == kernel_named("leaky:-1") == ABS and leaky("0.1") == LEAKY


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("gelu", "relu, leaky:1/10"),
        ("", "relu, leaky:1/10"),
        ("leaky", "relu, leaky:1/10"),
        ("leaky:1", "below 1"),
        ("leaky:x/2", "fraction"),
        ("leaky:psi", "call it s"),
        ("no.such.module:K", "install the module"),
        ("symrelu.model.activations:NOTHING", "no such name"),
        ("symrelu.model.activations:leaky", "a function of that name"),
        ("os;x:K", "relu, leaky:1/10"),
    ],
)
def test_kernels_that_cannot_be_read_are_refused_in_one_line(text: str, needed: str) -> None:
    with pytest.raises(BadInput, match=needed) as caught:
        kernel_named(text)
    assert "\n" not in str(caught.value)


def test_kernels_of_an_installed_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "my_kernels.py").write_text(
        "import sympy\nfrom symrelu.model.kernels import PSI, G, P, Q, S, Kernel\n"
        "RELU2 = Kernel('relu2', 3*G*S + PSI*(P*Q + 2*S**2), 1/(2*sympy.pi))\n",
        encoding="utf-8",
    )
    (tmp_path / "my_broken_kernels.py").write_text("1/0\n", encoding="utf-8")
    found = kernel_named("my_kernels:RELU2")
    assert found.name == "my_kernels:RELU2" and (found.expression, found.lift) == (SQUARED.expression, 0)
    with pytest.raises(BadInput, match="raised ZeroDivisionError"):
        kernel_named("my_broken_kernels:RELU2")


def test_floats_and_foreign_functions_are_refused() -> None:
    with pytest.raises(BadInput, match="contains a float"):
        Kernel("leaky", G + 0.1 * S, sympy.Integer(1))
    with pytest.raises(BadInput, match="is a float"):
        leaky(0.1)  # type: ignore[arg-type]
    for expression in (sympy.exp(-P), sympy.sqrt(P), P**S):
        with pytest.raises(BadInput, match="rational expression"):
            Kernel("mine", expression, sympy.Integer(1))


def test_a_symbolic_slope_computes_where_a_field_contains_it() -> None:
    """In SymPy it is a symbol, whose values give the rational slopes; decimals, balls and Q(pi) refuse it by name."""
    kernel = leaky("s")
    assert kernel.parameters == (Parameter("s", real=True),) and kernel.degree == 1 and not kernel.even
    p, q, s = sympy.Rational(3, 2), sympy.Integer(2), sympy.Rational(1, 3)
    at_a_tenth = kernel(p, q, s).subs(kernel.parameters[0], sympy.Rational(1, 10))
    assert abs(sympy.N(at_a_tenth - LEAKY(p, q, s), 30)) < 1e-28
    gram = Gram(p, q, s, sympy.sqrt(p * q - s**2), sympy.Symbol("psi"), 1 / p, 1 / q, False)
    symbolic, tenth = (k.first(SYMBOLIC, gram) for k in (kernel, LEAKY))
    for x, y in zip(symbolic, tenth, strict=True):
        assert sympy.expand(x.subs(kernel.parameters[0], sympy.Rational(1, 10)) - y) == 0
    for arithmetic in (FLOAT, MpmathArithmetic(20), BallArithmetic(), SeriesArithmetic(QPI)):
        with pytest.raises(NeedsAField, match=r"QQ\(pi, s\)"):
            kernel.first(arithmetic, Gram(*(arithmetic.rational(1),) * 7, False))
