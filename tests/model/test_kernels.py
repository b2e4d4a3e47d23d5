"""Kernels: the closed form against the integral it stands for, the derivatives against differentiation of that form."""

from collections.abc import Callable
from fractions import Fraction
from math import atan2, cos, exp, pi, sin
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.model.kernels import FIRST, RELU, SECOND, G, Gram, Kernel, P, Q, S

CUBIC = Kernel("cubic", 6 * S**3 + 9 * P * Q * S, sympy.Integer(1))
"""phi(z) = z**3, a kernel without root and angle (Isserlis): nothing about it vanishes at parallel rows."""

KERNELS: list[tuple[Kernel, Callable[[float], float]]] = [(RELU, lambda z: max(z, 0.0)), (CUBIC, lambda z: z**3)]


def arc_cosine(p: Any, q: Any, s: Any) -> Any:
    """ReLU's kernel as the papers write it (Cho & Saul 2009): |w||v| (sin(theta) + (pi - theta) cos(theta)) / 2 pi."""
    theta = mpmath.acos(s / mpmath.sqrt(p * q))
    return mpmath.sqrt(p * q) * (mpmath.sin(theta) + (mpmath.pi - theta) * mpmath.cos(theta)) / (2 * mpmath.pi)


FORMULAS = {"relu": arc_cosine, "cubic": lambda p, q, s: 6 * s**3 + 9 * p * q * s}

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


@pytest.mark.parametrize(("kernel", "phi"), KERNELS, ids=["relu", "cubic"])
@pytest.mark.parametrize(("w", "v"), [((1, 0), (0.5, 0.75)), ((1.25, -0.5), (-1, 0.25))])
def test_kernel_is_the_mean_that_defines_it(kernel: Kernel, phi: Any, w: Any, v: Any) -> None:
    p, q, s = (sympy.Rational(Fraction(a[0] * b[0] + a[1] * b[1])) for a, b in ((w, w), (v, v), (w, v)))
    assert gaussian_mean(phi, w, v) == pytest.approx(float(kernel(p, q, s)), rel=1e-10)


numbers = st.fractions(Fraction(1, 10), 4, max_denominator=20)
cosines = st.fractions(Fraction(-19, 20), Fraction(19, 20), max_denominator=40)


@pytest.mark.parametrize("kernel", [RELU, CUBIC], ids=lambda kernel: kernel.name)
@given(p=numbers, q=numbers, cosine=cosines)
@settings(max_examples=15)
def test_partials_are_the_derivatives(kernel: Kernel, p: Fraction, q: Fraction, cosine: Fraction) -> None:
    """Regular and singular part together are mpmath's differences of the explicit formula, at 40 digits."""
    arithmetic = MpmathArithmetic(40)
    with mpmath.workdps(40):
        point = [mpmath.mpf(x.numerator) / x.denominator for x in (p, q, cosine)]
        point[2] = point[2] * mpmath.sqrt(point[0] * point[1])
        p_, q_, s_ = (arithmetic.context.mpf(x) for x in point)
        g = arithmetic.context.sqrt(p_ * q_ - s_ * s_)
        gram = Gram(p_, q_, s_, g, arithmetic.supplement(s_, g, 1 / p_, 1 / q_), 1 / p_, 1 / q_, False)
        factor = kernel.prefactor_in(arithmetic)
        kappa_p, kappa_s = (x * factor for x in kernel.first(arithmetic, gram))
        pp, ps, ss, pq, qs, vw, perp = (x * factor for x in kernel.second(arithmetic, gram))
        # perp multiplies v_perp v_perp' and w_perp v_perp', v_perp = v - (s/p) w, w_perp = w - (s/q) v: expand those
        by_order = [
            ((1, 0, 0), kappa_p),
            ((0, 0, 1), kappa_s),
            ((2, 0, 0), pp + perp * (s_ / p_) ** 2 / 4),
            ((1, 0, 1), ps - perp * (s_ / p_) / 2),
            ((0, 0, 2), ss + perp),
            ((1, 1, 0), pq + perp / 4),
            ((0, 1, 1), qs - perp * (s_ / q_) / 2),
            ((0, 0, 2), vw + perp * (s_ / p_) * (s_ / q_)),
        ]
        for order, value in by_order:
            derivative = mpmath.diff(FORMULAS[kernel.name], tuple(point), order)
            assert abs(value - derivative) < mpmath.mpf(10) ** -15 * (1 + abs(derivative))


@pytest.mark.parametrize("kernel", [RELU, CUBIC], ids=lambda kernel: kernel.name)
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


@given(p=numbers, q=numbers, scale=numbers)
@settings(max_examples=6)
def test_relu_is_homogeneous_and_the_cubic_is_not(p: Fraction, q: Fraction, scale: Fraction) -> None:
    """phi(c z) = c phi(z): kappa(c**2 p, q, c s) = c kappa(p, q, s)."""
    assume(scale != 1)
    assert RELU.homogeneous and not CUBIC.homogeneous
    p_, q_, c = (sympy.Rational(x.numerator, x.denominator) for x in (p, q, scale))
    s = sympy.Min(p_, q_) / 2
    for kernel in (RELU, CUBIC):
        difference = sympy.N(kernel(c**2 * p_, q_, c * s) - c * kernel(p_, q_, s), 30)
        assert (abs(difference) < 1e-25) == kernel.homogeneous
