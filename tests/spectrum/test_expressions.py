"""Exact expressions: against a formula derived by hand, against numbers, and the trace against its definition."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.model.expression import D
from symrelu.model.reduced import Problem
from symrelu.spectrum.blocks import blocks as pencils
from symrelu.spectrum.expressions import LAMBDA, ComponentExpression, component_expression, component_expressions
from symrelu.spectrum.numeric import eigenvalues_at

A1, A2 = sympy.symbols("a_1 a_2", real=True)
NU, ALPHA, BETA1, BETA2 = sympy.symbols("nu_1 alpha_1_1o beta_1_1 beta_1_1o", positive=True)
TYPES = [
    ("d", None, None, 7),
    pytest.param("d-1,1", None, None, 6, marks=pytest.mark.slow),
    pytest.param("d-2,2", "1,2,*", "1,2", 7, marks=pytest.mark.slow),
]
types = pytest.mark.parametrize(("blocks", "rows", "cols", "d"), TYPES)
WITH_LAYERS = [
    ("d", None, None, 7, 1),
    ("d", None, None, 7, 2),
    pytest.param("d-1,1", None, None, 6, 1, marks=pytest.mark.slow),
    pytest.param("d-1,1", None, None, 6, 2, marks=pytest.mark.slow),
    pytest.param("d-2,2", "1,2,*", "1,2", 7, 2, marks=pytest.mark.slow),
]
types_and_layers = pytest.mark.parametrize(("blocks", "rows", "cols", "d", "layers"), WITH_LAYERS)


@pytest.fixture(scope="module")
def expressions(problem: Callable) -> Callable[..., list[ComponentExpression]]:
    """A function from blocks, rows, columns and layers to the components, computed once."""
    return cache(lambda blocks, rows, cols, layers: component_expressions(problem(blocks, rows, cols), layers))


@pytest.fixture(scope="module")
def one_block(expressions: Callable) -> dict[str, ComponentExpression]:
    """The components of Delta S_d, both layers."""
    return {e.component.name: e for e in expressions("d", None, None, 2)}


def numbers(of: ComponentExpression, names: tuple[str, ...], point: np.ndarray, d: int, value: Any, **more: Any) -> Any:
    """An expression or a matrix with mpmath numbers for a_i, d and the names defined by them."""
    known = {sympy.Symbol(n, real=True): mpmath.mpf(float(x)) for n, x in zip(names, point, strict=True)}
    known[D] = mpmath.mpf(d)
    plain = list(known)
    for symbol, definition in of.definitions.items():
        known[symbol] = sympy.lambdify(plain, definition, "mpmath")(*[known[s] for s in plain])
    known |= {sympy.Symbol(n): x for n, x in more.items()}
    return sympy.lambdify(list(known), value, "mpmath", cse=True)(*known.values())


def at_point(problem: Problem, d: int, layers: int) -> tuple[np.ndarray, list]:
    """A random point, and our eigenvalues there in 40 digits."""
    point = problem.space.random(np.random.default_rng(3))
    arithmetic = MpmathArithmetic(40)
    return point, eigenvalues_at(problem, arithmetic, [arithmetic.context.mpf(float(x)) for x in point], d, layers)


# by hand --------------------------------------------------------------------------------------------------------------


def test_y_component_of_delta_s_d_by_hand(one_block: dict[str, ComponentExpression]) -> None:
    """The quadratic form at (e_1 - e_2)(e_3 - e_4)' + transpose, of squared norm 8.

    With w_i = (a_1 - a_2) e_i + a_2 1, the row y_1 = e_3 - e_4 is orthogonal to w_1, w_2, v_1, v_2; it meets w_3 and
    w_4 in +-(a_1 - a_2), v_3 and v_4 in +-1, and has |y_1|^2 = 2. So the second derivatives of the kernel give
        <y_1, H_11 y_1> = 1 + (2 (d-1) sin alpha + 2 (a_1-a_2)^2/(nu^2 sin alpha))/2 pi
                            - (2 sin beta_1 + 2 (d-1) sin beta_2 + 2/sin beta_2)/(2 pi nu),      four times,
        <y_1, H_12 y_2> = -2 (pi - alpha)/2 pi,   four times (with y_2 = -y_1),
        <y_1, H_13 y_3> = (a_1-a_2)^2/(2 pi nu^2 sin alpha),   eight times.
    """
    gap = (A1 - A2) ** 2 / (NU**2 * sympy.sin(ALPHA))
    own = 1 + ((D - 1) * sympy.sin(ALPHA) + gap) / sympy.pi
    own -= (sympy.sin(BETA1) + (D - 1) * sympy.sin(BETA2) + 1 / sympy.sin(BETA2)) / (sympy.pi * NU)
    total = 4 * own - 4 * (sympy.pi - ALPHA) / sympy.pi + 8 * gap / (2 * sympy.pi)
    (found,) = one_block["y1"].eigenvalues
    assert sympy.expand(found - total / 8) == 0
    assert sympy.expand(one_block["y1"].multiplicity - D * (D - 3) / 2) == 0


def test_x_component_of_delta_s_d_by_hand(one_block: dict[str, ComponentExpression]) -> None:
    """On e_1 (e_2 - e_3)' + cyclic the same rows meet w_2 and w_3, and <y_1, H_12 y_2> changes its sign.

    y_1 = e_2 - e_3, y_2 = e_3 - e_1: <y_1, w_2> = a_1 - a_2, <y_2, w_1> = -(a_1 - a_2), <y_1, y_2> = -1, so the terms
    in (a_1 - a_2)^2 cancel.
    """
    own = 1 + (D - 1) * sympy.sin(ALPHA) / sympy.pi + (A1 - A2) ** 2 / (sympy.pi * NU**2 * sympy.sin(ALPHA))
    own -= (sympy.sin(BETA1) + (D - 1) * sympy.sin(BETA2) + 1 / sympy.sin(BETA2)) / (sympy.pi * NU)
    pair = (-((A1 - A2) ** 2) / (NU**2 * sympy.sin(ALPHA)) - (sympy.pi - ALPHA)) / (2 * sympy.pi)
    (found,) = one_block["x1"].eigenvalues
    assert sympy.expand(found - (3 * own + 6 * pair) / 6) == 0


# trace and Frobenius norm ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_trace_of_delta_s_d_identically(layers: int, expressions: Callable) -> None:
    """The sum of dimension x trace(M^-1 H) is the trace of the definition.

    k d/2 + k d ((d-1) sin alpha - (sin beta_1 + (d-1) sin beta_2)/nu)/2 pi, and k nu^2/2 more with the second layer:
    tr d^2 kappa(w, v)/dw^2 = d |v| sin(theta)/(2 pi |w|), as I - ww'/|w|^2 + nn' has trace d; kappa(w, w) = |w|^2/2.
    """
    total = sympy.Integer(0)
    for e in expressions("d", None, None, layers):
        total += e.multiplicity * (e.gram.inv() * e.hessian).trace()
    row = D / 2 + D * (D - 1) * sympy.sin(ALPHA) / (2 * sympy.pi)
    row -= D * (sympy.sin(BETA1) + (D - 1) * sympy.sin(BETA2)) / (2 * sympy.pi * NU)
    difference = total - D * row - (D * NU**2 / 2 if layers == 2 else 0)
    # an algebraic identity in a_1, a_2, d: sines and cosines are expressed by the Gram entries
    sines = sympy.symbols("s_alpha s_1 s_2", positive=True)
    norm, inner = A1**2 + (D - 1) * A2**2, 2 * A1 * A2 + (D - 2) * A2**2
    angles = ((ALPHA, inner / norm), (BETA1, A1 / NU), (BETA2, A2 / NU))
    for (angle, cosine), sine in zip(angles, sines, strict=True):
        difference = difference.subs({sympy.sin(angle): sine, sympy.cos(angle): cosine})
    numerator = sympy.fraction(sympy.together(difference))[0]
    for (_, cosine), sine in zip(angles, sines, strict=True):
        relation = sympy.fraction(sympy.together(sine**2 - 1 + cosine**2))[0]
        numerator = sympy.prem(sympy.expand(numerator), relation, sine)
    assert sympy.expand(sympy.prem(sympy.expand(numerator), NU**2 - norm, NU)) == 0


@types_and_layers
def test_trace_and_frobenius_norm_against_the_dense_hessian(
    blocks: str,
    rows: str | None,
    cols: str | None,
    d: int,
    layers: int,
    problem: Callable,
    dense: Callable,
    expressions: Callable,
) -> None:
    """Of the expressions, numbers put in: sums of dimension x trace of M^-1 H and of its square."""
    of = problem(blocks, rows, cols)
    point = of.space.random(np.random.default_rng(3))
    H = dense(of.space.matrix(point, d), layers)
    trace = square = mpmath.mpf(0)
    with mpmath.workdps(30):
        for e in expressions(blocks, rows, cols, layers):
            hessian, gram = (numbers(e, of.space.names, point, d, m) for m in (e.hessian, e.gram))
            matrix = gram**-1 * hessian
            dimension = int(e.multiplicity.subs(D, d))
            trace += dimension * sum(matrix[i, i] for i in range(matrix.rows))
            square += dimension * sum((matrix * matrix)[i, i] for i in range(matrix.rows))
    assert float(trace) == pytest.approx(np.trace(H), rel=1e-12)
    assert float(square) == pytest.approx(np.sum(H**2), rel=1e-12)


@types
@pytest.mark.parametrize("layers", [1, 2])
def test_sums_over_the_numerical_spectrum(
    blocks: str, rows: str | None, cols: str | None, d: int, layers: int, problem: Callable, dense: Callable
) -> None:
    of = problem(blocks, rows, cols)
    point, values = at_point(of, d, layers)
    H = dense(of.space.matrix(point, d), layers)
    assert float(sum(v.multiplicity.numerator * v.value for v in values)) == pytest.approx(np.trace(H), rel=1e-12)
    assert float(sum(v.multiplicity.numerator * v.value**2 for v in values)) == pytest.approx(np.sum(H**2), rel=1e-12)


# closed forms ---------------------------------------------------------------------------------------------------------


@types_and_layers
def test_closed_forms_and_pencils_at_numerical_eigenvalues(
    blocks: str, rows: str | None, cols: str | None, d: int, layers: int, problem: Callable, expressions: Callable
) -> None:
    of = problem(blocks, rows, cols)
    point, found = at_point(of, d, layers)
    closed = 0
    with mpmath.workdps(40):
        for e in expressions(blocks, rows, cols, layers):
            expected = [mpmath.mpf(v.value) for v in found if v.component == e.component]
            assert len(expected) == e.hessian.rows == len(e.representatives)
            assert len(e.eigenvalues) == (len(expected) if len(expected) <= 2 else 0)
            for x, y in zip(e.eigenvalues, expected, strict=False):
                assert abs(numbers(e, of.space.names, point, d, x) - y) < mpmath.mpf(10) ** -30 * (1 + abs(y))
                closed += 1
            hessian, gram = (numbers(e, of.space.names, point, d, m) for m in (e.hessian, e.gram))
            scale = mpmath.det(gram) * (1 + max(abs(y) for y in expected)) ** len(expected)
            for y in expected:
                assert abs(mpmath.det(hessian - y * gram)) < mpmath.mpf(10) ** -28 * scale
            assert abs(mpmath.det(hessian - (max(expected) + 1) * gram)) > mpmath.mpf(10) ** -12 * scale
    assert closed >= 2


@pytest.mark.parametrize("layers", [2, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["t", "s1", "x1", "y1"])
def test_characteristic_polynomial_of_delta_s_d(
    name: str, layers: int, problem: Callable, expressions: Callable
) -> None:
    """Its zeros are the numerical eigenvalues, and elsewhere it is det M times the product of the differences."""
    of = problem("d")
    point, found = at_point(of, 7, layers)
    (e,) = (e for e in expressions("d", None, None, layers) if e.component.name == name)
    polynomial = e.characteristic_polynomial()
    assert polynomial.has(LAMBDA)
    with mpmath.workdps(40):
        expected = [mpmath.mpf(v.value) for v in found if v.component.name == name]
        gram = mpmath.det(numbers(e, of.space.names, point, 7, e.gram))
        for x in [*expected, mpmath.mpf(1), mpmath.mpf(-2)]:
            value = numbers(e, of.space.names, point, 7, polynomial, **{"lambda": x})
            product = mpmath.fprod(y - x for y in expected)
            assert abs(value / gram - product) < mpmath.mpf(10) ** -25


def test_characteristic_polynomial_of_seven_copies(one_block: dict[str, ComponentExpression]) -> None:
    """As many as t has in two blocks: with entries of integers, at as many lambda as determine degree 7."""
    H, M = (sympy.Matrix(7, 7, lambda i, j, s=s: (i + s) * (j + s) % 11) for s in (1, 3))
    polynomial = replace(one_block["x1"], hessian=H, gram=M).characteristic_polynomial()
    at = sympy.lambdify(LAMBDA, polynomial, "math", cse=True)  # the minors are shared: written out they are 7! terms
    assert [at(x) for x in range(8)] == [(H - x * M).det() for x in range(8)]


def test_size_two_closed_forms_are_in_ascending_order(problem: Callable) -> None:
    of = problem("d-2,2")
    e = component_expression(of, "s1*s2")
    point = of.space.random(np.random.default_rng(0))
    small, large = (numbers(e, of.space.names, point, 6, x) for x in e.eigenvalues)
    assert small < large


def test_a_component_that_does_not_occur(problem: Callable) -> None:
    with pytest.raises(BadInput) as error:
        component_expression(problem("d-2,2"), "x2")
    assert "x2" in str(error.value) and "t, s1, s2, x1, y1, s1*s2" in str(error.value) and "\n" not in str(error.value)


# rows that are parallel at every point --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "rows", "cols", "d"),
    [
        ("d", "*,*", "1", 5),  # two fixed rows over one orbit of columns are multiples of (1, ..., 1)
        ("d,2", "2,*", "1", 5),  # so are those of a block that moves rows only
        pytest.param("d", "1,*,*", "1", 4, marks=pytest.mark.slow),
        pytest.param("d-1", "*,*", "1,*", 5, marks=pytest.mark.slow),  # two orbits of columns: not parallel
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_expressions_where_rows_are_parallel_by_structure(
    blocks: str, rows: str, cols: str, d: int, sign: int, problem: Callable, expressions: Callable
) -> None:
    """Their angle is 0 or pi at every point, so its sine must divide nothing: 1/sin was written out as zoo."""
    of = problem(blocks, rows, cols)
    point = np.abs(of.space.random(np.random.default_rng(5)))
    point[-1] *= sign
    arithmetic = MpmathArithmetic(40)
    found = eigenvalues_at(of, arithmetic, [arithmetic.context.mpf(float(x)) for x in point], d)
    plain = {
        **dict(zip(sympy.symbols(of.space.names, real=True), map(sympy.Float, point), strict=True)),
        D: sympy.Integer(d),
    }
    with mpmath.workdps(40):
        for e in expressions(blocks, rows, cols, 2):
            for value in [*e.hessian, *e.gram, *e.eigenvalues]:
                explicit = value.xreplace(e.definitions)
                assert not explicit.has(sympy.zoo, sympy.nan, sympy.oo), (e.component.name, explicit)
                assert explicit.xreplace(plain).is_finite
            hessian, gram = (numbers(e, of.space.names, point, d, m) for m in (e.hessian, e.gram))
            expected = [mpmath.mpf(v.value) for v in found if v.component == e.component]
            assert len(expected) == hessian.rows
            scale = mpmath.det(gram) * (1 + max(map(abs, expected))) ** len(expected)
            for y in expected:
                assert abs(mpmath.det(hessian - y * gram)) < mpmath.mpf(10) ** -28 * scale


@pytest.mark.parametrize("layers", [0, 3, True, "2"])
def test_layers_other_than_one_and_two_are_refused(layers: Any, problem: Callable) -> None:
    """3 was taken for 1 by everything below `Family.spectrum`."""
    of, arithmetic = problem("d"), MpmathArithmetic(20)
    values = [arithmetic.rational(1), arithmetic.rational(0) + 0.25]
    for call in (
        lambda: component_expressions(of, layers),
        lambda: eigenvalues_at(of, arithmetic, values, 5, layers),
        lambda: pencils(of, arithmetic, values, arithmetic.rational(5), layers),
    ):
        with pytest.raises(BadInput, match="2 trains both"):
            call()
