"""One neuron on one input against quadrature of the definition E(phi(w x) - phi(v x))**2 / 2, and against the paper."""

from collections.abc import Callable
from math import isclose
from typing import Any

import pytest
import sympy
from mpmath import erf, exp, pi, quad, sqrt

from symrelu.errors import Undecided
from symrelu.model.activations import kernel_named
from symrelu.model.kernels import Kernel, P, Q, S
from symrelu.model.one_neuron import ALPHA, OneNeuron, V, W, one_neuron

Activation = Callable[[Any], Any]
ACTIVATIONS: dict[str, Activation] = {
    "relu": lambda z: max(z, 0),
    "leaky:-1/2": lambda z: max(z, -z / 2),
    "abs": abs,
    "z3": lambda z: z**3,
}


def by_definition(phi: Activation, w: float, v: float, alpha: float = 1.0) -> float:
    def integrand(x: Any) -> Any:
        return (alpha * phi(w * x) - phi(v * x)) ** 2 * exp(-x * x / 2)

    return float(quad(integrand, [-14, 0, 14]) / (2 * sqrt(2 * pi)))


def value(expression: sympy.Expr, w: float, v: float, alpha: float = 1.0) -> float:
    return float(expression.subs({W: w, V: v, ALPHA: alpha}))


def loss_at(answer: OneNeuron, w: float, v: float) -> float:
    return value(answer.sides[0 if w * v > 0 else 1].loss, w, v)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_losses_are_those_of_the_definition(name: str) -> None:
    answer = one_neuron(kernel_named(name))
    for w, v in ((0.7, 1.3), (-0.7, -1.3), (0.7, -1.3), (-1.9, 0.4)):
        assert isclose(loss_at(answer, w, v), by_definition(ACTIVATIONS[name], w, v), rel_tol=1e-9)
        trained = answer.trained[0 if w * v > 0 else 1]
        assert isclose(value(trained.loss, w, v, -0.6), by_definition(ACTIVATIONS[name], w, v, -0.6), rel_tol=1e-9)


@pytest.mark.slow
def test_erf_against_the_definition_and_its_only_critical_point() -> None:
    answer = one_neuron(kernel_named("erf"))
    assert isclose(loss_at(answer, 0.7, -1.3), by_definition(erf, 0.7, -1.3), rel_tol=1e-9)
    assert [point.at for point in answer.critical] == [V]
    assert answer.trained == () and answer.at_zero.differentiable


def test_the_rebuttals_formulas() -> None:
    same, opposite = one_neuron().sides
    assert sympy.expand(same.loss - (W - V) ** 2 / 4) == 0 and same.angle == 0
    assert sympy.expand(opposite.loss - (W**2 + V**2) / 4) == 0 and opposite.angle == sympy.pi
    (point,) = one_neuron().critical
    assert (point.at, point.loss, point.hessian) == (V, 0, sympy.Rational(1, 2))
    assert opposite.hessian == sympy.Rational(1, 2) and opposite.gradient == W / 2 and not opposite.critical


def test_w_zero_is_not_smooth_and_not_a_minimum() -> None:
    zero = one_neuron().at_zero
    assert zero.derivatives == (-V / 2, 0)
    assert not zero.differentiable and zero.generalised and zero.kind == "neither"
    h, v = 1e-4, 1.7
    from_definition = [(by_definition(ACTIVATIONS["relu"], x, v) - v * v / 4) / x for x in (h, -h)]
    assert from_definition == pytest.approx([-v / 2, 0], abs=1e-4)


def test_a_leaky_neuron_has_a_second_minimum_exactly_for_negative_slopes() -> None:
    s = kernel_named("leaky:s").parameters[0]
    first, second = one_neuron(kernel_named("leaky:s")).critical
    assert first.at == V and first.condition is None
    assert sympy.simplify(second.at - 2 * s * V / (1 + s**2)) == 0 and second.condition is not None
    assert second.condition.subs(s, sympy.Rational(-1, 2)) == True  # noqa: E712
    assert second.condition.subs(s, sympy.Rational(1, 2)) == False  # noqa: E712
    (_, spurious) = one_neuron(kernel_named("leaky:-1/2")).critical
    assert (spurious.at, spurious.loss) == (-4 * V / 5, 9 * V**2 / 80)
    w, h = -0.8, 1e-3
    near = [by_definition(ACTIVATIONS["leaky:-1/2"], w + x, 1.0) for x in (-h, 0, h)]
    assert near[0] > near[1] < near[2] and isclose(near[1], 9 / 80, rel_tol=1e-9)
    assert [p.at for p in one_neuron(kernel_named("leaky:1/10")).critical] == [V]


def test_other_kernels() -> None:
    assert [p.at for p in one_neuron(kernel_named("abs")).critical] == [V, -V]
    assert [p.at for p in one_neuron(kernel_named("z2")).critical] == [V, -V]
    z3 = one_neuron(kernel_named("z3"))
    assert [p.at for p in z3.critical] == [V] and z3.at_zero.kind == "neither" and z3.at_zero.differentiable
    assert one_neuron(kernel_named("abs")).at_zero.kind == "maximum"


def test_with_the_second_layer_trained_there_are_spurious_minima() -> None:
    same, opposite = one_neuron().trained
    assert same.curve == V / W and same.value == 0
    assert opposite.curve == 0 and opposite.value == V**2 / 4 and opposite.trace.is_positive
    least = by_definition(ACTIVATIONS["relu"], -0.8, 1.3, 0.0)
    assert isclose(least, 1.3**2 / 4, rel_tol=1e-9)
    for alpha, w in ((0.05, -0.8), (-0.05, -0.8), (0.02, -0.7)):
        assert by_definition(ACTIVATIONS["relu"], w, 1.3, alpha) > least


def test_what_is_not_solved_is_refused() -> None:
    cubic = Kernel("cubic", P * Q + S + S**3, sympy.Integer(1))
    with pytest.raises(Undecided, match="degrees 1, 2 are solved"):
        one_neuron(cubic)
