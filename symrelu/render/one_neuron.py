"""The theorem about one neuron on one input, with the steps of its proof, as text, LaTeX and plain data."""

from __future__ import annotations

from typing import Any

import sympy

from symrelu.model.one_neuron import ALPHA, AtZero, CriticalPoint, OneNeuron, Side, TrainedLayer, W

_WHERE = {1: "w v > 0", -1: "w v < 0"}


def neuron_json(answer: OneNeuron) -> dict[str, Any]:
    """The answer as plain data; expressions are texts in w, v, alpha (and a symbolic slope)."""
    zero = answer.at_zero
    return {
        "kernel": answer.kernel.name,
        "domain": "w and v real, neither 0",
        "sides": [
            {
                "where": _WHERE[side.sign],
                "angle": str(side.angle),
                "kappa": str(side.kappa),
                "loss": str(side.loss),
                "gradient": str(side.gradient),
                "hessian": str(side.hessian),
                "critical": [_point_json(point) for point in side.critical],
            }
            for side in answer.sides
        ],
        "at_zero": {
            "derivative_from_same_side": str(zero.derivatives[0]),
            "derivative_from_opposite_side": str(zero.derivatives[1]),
            "differentiable": zero.differentiable,
            "generalised_critical_point": zero.generalised,
            "kind": zero.kind,
        },
        "second_layer_trained": [
            {
                "where": _WHERE[one.sign],
                "loss": str(one.loss),
                "critical_curve": {"alpha": str(one.curve)},
                "loss_on_it": str(one.value),
                "hessian_eigenvalues": ["0", str(one.trace)],
            }
            for one in answer.trained
        ],
    }


def _point_json(point: CriticalPoint) -> dict[str, Any]:
    condition = None if point.condition is None else str(point.condition)
    return {"w": str(point.at), "loss": str(point.loss), "hessian": str(point.hessian), "condition": condition}


def neuron_text(answer: OneNeuron) -> str:
    """The theorem and the steps of its proof."""
    lines = [
        f"One neuron on one input (d = k = 1), kernel {answer.kernel.name}; w and v real, neither 0.",
        "",
        f"Theorem. {_theorem(answer)}",
        "",
        "Proof.",
    ]
    same = answer.sides[0].loss == answer.sides[1].loss
    steps = [
        "The kernel depends on p = w**2, q = v**2, s = w*v; the angle of w and v is 0 for w v > 0 and pi for w v < 0. "
        + " ".join(f"For {_WHERE[side.sign]}: kappa(w, v) = {side.kappa}." for side in answer.sides),
        "L = kappa(w, w)/2 - kappa(w, v) + kappa(v, v)/2. "
        + " ".join(f"For {_WHERE[side.sign]}: L = {side.loss}." for side in answer.sides[: 1 if same else 2]),
        " ".join(_side(side) for side in answer.sides),
        _zero(answer.at_zero),
        *([_trained(answer.trained)] if answer.trained else []),
    ]
    return "\n".join(lines + [f"{number}. {step}" for number, step in enumerate(steps, 1)])


def _theorem(answer: OneNeuron) -> str:
    points = answer.critical
    found = "; ".join(
        f"w = {p.at} (loss {p.loss}, Hessian {p.hessian}{'' if p.condition is None else f', if {p.condition}'})"
        for p in points
    )
    number = "none" if not points else f"{found}, and no other"
    zero = answer.at_zero
    at_zero = "differentiable" if zero.differentiable else "not differentiable"
    return (
        f"Critical points in w, for w not 0: {number}. At w = 0 the loss is {at_zero}; w = 0 is {_a(zero.kind)} of it."
    )


def _a(kind: str) -> str:
    if kind == "neither":
        return "neither a minimum nor a maximum"
    return f"a {kind}" if kind in ("minimum", "maximum") else kind


def _side(side: Side) -> str:
    text = f"For {_WHERE[side.sign]}: dL/dw = {side.gradient}, d2L/dw2 = {side.hessian}; "
    if not side.critical:
        return text + "dL/dw has no zero on this side."
    return text + "dL/dw = 0 at " + ", ".join(f"w = {p.at}" for p in side.critical) + " alone."


def _zero(zero: AtZero) -> str:
    same, opposite = zero.derivatives
    text = (
        f"As w tends to 0, dL/dw tends to {same} from the side w v > 0 and to {opposite} from the side w v < 0: these "
        f"are one-sided derivatives, and L is {'' if zero.differentiable else 'not '}differentiable at w = 0."
    )
    if zero.differentiable:
        return text + (" So w = 0 is critical." if same == 0 else " So w = 0 is not critical.")
    if zero.generalised is None:
        return text + " Whether 0 lies between them depends on the parameter."
    lies = "lies" if zero.generalised else "does not lie"
    rest = " (descent with a chosen phi'(0) may rest there)" if zero.generalised else ""
    return f"{text} 0 {lies} between them{rest}."


def _trained(layers: tuple[TrainedLayer, ...]) -> str:
    text = "Second layer trained: the student is alpha times the neuron w, and critical points (w not 0) form curves."
    for one in layers:
        text += (
            f" For {_WHERE[one.sign]}: L = {one.loss}, critical on alpha = {one.curve} alone, where "
            f"L = {one.value} and the Hessian has the eigenvalues 0 and {one.trace}"
            f"{' > 0: minima, not strict ones.' if one.trace.is_positive else '.'}"
        )
    return text


def neuron_latex(answer: OneNeuron) -> str:
    """The theorem as LaTeX: losses, derivatives, critical points, one-sided derivatives."""
    rows = []
    for side in answer.sides:
        where = "wv > 0" if side.sign > 0 else "wv < 0"
        rows.append(
            rf"{where}: &\quad L = {_latex(side.loss)}, & \partial_w L = {_latex(side.gradient)}, & "
            rf"\partial_w^2 L = {_latex(side.hessian)}"
        )
    points = [
        rf"w = {_latex(p.at)}\ (\partial_w^2 L = {_latex(p.hessian)}{_condition(p)})" for p in answer.critical
    ] or [r"\varnothing"]
    same, opposite = answer.at_zero.derivatives
    limits = rf"\lim_{{w \to 0,\, wv > 0}} \partial_w L = {_latex(same)}, \quad "
    limits += rf"\lim_{{w \to 0,\, wv < 0}} \partial_w L = {_latex(opposite)}"
    body = (" \\\\\n").join(rows)
    return "\n".join(
        [
            r"\begin{align*}",
            body,
            r"\end{align*}",
            rf"\[ \partial_w L = 0 \iff {', '.join(points)} \qquad (w, v \neq 0) \]",
            rf"\[ {limits} \]",
        ]
    )


def _condition(point: CriticalPoint) -> str:
    return "" if point.condition is None else rf",\ \text{{if }} {_latex(point.condition)}"


def _latex(expression: sympy.Basic) -> str:
    return str(sympy.latex(expression, symbol_names={W: "w", ALPHA: r"\alpha"}))
