"""Networks in JSON files: weights and data as exact numbers, and what the bound says of them.

    {"inputs": [[-1], ["-1/3"], [1]], "targets": [[0], [0], [0]], "weights": [[[1], [-1]], [["1/2", 2]]], "lambda": 1}

Inputs and targets are lists of points, weights a list of matrices W_0, ..., W_H by rows; "slope" is optional. A number
is a JSON number (taken as the decimal that it is) or a string such as "1/3"; its size is 0 or from 1e-100 to 1e100.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from flint import arb, fmpq

from symrelu.convexity.bound import MilneBound, milne_bound, slack_squared, theta_max
from symrelu.convexity.eigenvalue import hessian_min_eig
from symrelu.convexity.network import Array, Kink, Network, Regression, exact
from symrelu.errors import BadInput
from symrelu.exact.parse import parse_fraction

EXAMPLE = '{"inputs": [[-1], [1]], "targets": [[0], [0]], "weights": [[[1], [-1]], [["1/2", 2]]], "lambda": 1}'
KEYS, OPTIONAL = ("inputs", "targets", "weights", "lambda"), ("slope",)
LARGEST_EXACT, LARGEST_FLOAT = 60, 2000  # weights: up to so many the smallest eigenvalue is enclosed, or in floats
SMALLEST_NUMBER, LARGEST_NUMBER = Fraction(1, 10**100), Fraction(10**100)
DIGITS = 15
FORMULAS = {
    "paper": "printed constant H(H+1)",
    "sharp": "sharp constant H",
    "moment": "sharp constant H, second moments in place of r",
}


def read_network(path: str | Path) -> Network:
    """The network and data of a JSON file, as exact rationals; BadInput for what cannot be read or does not fit."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        data = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_unique)
    except OSError as error:
        raise BadInput(f"the file {str(path)!r} cannot be read: {error.strerror or error}") from None
    except BadInput:
        raise
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the file {str(path)!r} is no JSON: {error}; it looks like {EXAMPLE}") from None
    return network_of(data)


def network_of(data: Any) -> Network:
    """The network and data of plain data as a file holds them."""
    if not isinstance(data, dict):
        given = "a list" if isinstance(data, list) else "a single value"
        raise BadInput(f"the network's file holds {given}; an object is needed: {EXAMPLE}")
    if not set(KEYS) <= set(data) <= {*KEYS, *OPTIONAL}:
        raise BadInput(f"a network was given with {sorted(data)}; it has inputs, targets, weights, lambda: {EXAMPLE}")
    inputs, targets = (_matrix(data[key], key).T for key in ("inputs", "targets"))
    if inputs.shape[1] != targets.shape[1]:
        raise BadInput(
            f"{inputs.shape[1]} inputs and {targets.shape[1]} targets were given; each is a list of points, one target "
            f"a point: {EXAMPLE}"
        )
    if not isinstance(data["weights"], list):
        raise BadInput(f"weights must be a list of matrices, W_0 first: {EXAMPLE}")
    weights = [_matrix(W, f"weights[{i}]") for i, W in enumerate(data["weights"])]
    decay, slope = (_number(data.get(key, "0"), key) for key in ("lambda", "slope"))
    return Regression(inputs, targets, decay, slope).at(weights)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the file; BadInput where it has a key twice."""
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise BadInput(f"{key!r} is given twice in the file; give it once")
    return dict(pairs)


def _matrix(rows: Any, what: str) -> Array:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise BadInput(f"{what} must be a list of lists of numbers, not empty: {EXAMPLE}")
    if len({len(row) for row in rows}) > 1:
        raise BadInput(f"{what} has rows of lengths {sorted({len(row) for row in rows})}; give them one length")
    return exact([[_number(x, what) for x in row] for row in rows])


def _number(x: Any, what: str) -> fmpq:
    if isinstance(x, bool) or not isinstance(x, str | int | float):
        raise BadInput(f"{what} holds {str(x)[:40]!r}; give numbers, or text such as '1/3'")
    value = parse_fraction(x, what) if isinstance(x, str) else Fraction(x)
    if value and not SMALLEST_NUMBER <= abs(value) <= LARGEST_NUMBER:
        raise BadInput(f"{what} holds {str(x)[:40]}; give 0 or numbers of a size from 1e-100 to 1e100")
    return fmpq(value.numerator, value.denominator)


@dataclass(frozen=True)
class Report:
    """What is known of one network: exact losses, the bound with both constants, and the truth beside it."""

    network: Network

    @cached_property
    def bounds(self) -> dict[str, MilneBound]:
        """With the printed constant H(H+1), with H, and with H and second moments for r."""
        return {name: milne_bound(self.network, name) for name in FORMULAS}

    @cached_property
    def smallest(self) -> arb | None:
        """The smallest eigenvalue of Hess l_lambda, enclosed; None at a kink and for more than 60 weights."""
        if len(self.network.vector) > LARGEST_EXACT:
            return None
        try:
            return hessian_min_eig(self.network)
        except Kink:
            return None

    @cached_property
    def smallest_in_floats(self) -> float | None:
        """The smallest eigenvalue in floats, where it is not enclosed for the number of weights; None at a kink, for
        more than 2000 weights, and where floats do not hold the Hessian.
        """
        if not LARGEST_EXACT < len(self.network.vector) <= LARGEST_FLOAT or self.at_kink:
            return None
        problem = self.network.problem
        rough = Regression(
            _floats(problem.inputs), _floats(problem.targets), _float(problem.decay), _float(problem.slope)
        )
        with np.errstate(all="ignore"):  # entries too large for floats are looked for below
            try:
                H = rough.at([_floats(W) for W in self.network.weights]).hessian
            except Kink:  # a pre-activation so small that it is 0 in floats
                return None
        return float(np.linalg.eigvalsh(H)[0]) if np.all(np.isfinite(H)) else None

    @cached_property
    def at_kink(self) -> bool:
        """Whether a pre-activation that varies with the weights is 0: there is no Hessian."""
        return bool(np.any(self.network.kinks))

    def to_json(self) -> dict[str, Any]:
        """The report as plain data: exact numbers as text, enclosures as {mid, rad}."""
        net = self.network
        bounds = {
            name: {
                "c": one.c,
                "slack_squared": _exact_text(slack_squared(net, name)),
                "theta_max": ball_json(theta_max(net, name)),
                "holds": one.holds,
            }
            for name, one in self.bounds.items()
        }
        return {
            "hidden_layers": net.hidden_layers,
            "sizes": [int(n) for n in net.sizes],
            "points": net.problem.points,
            "lambda": _exact_text(net.problem.decay),
            "loss": _exact_text(net.loss),
            "regularised": _exact_text(net.regularised),
            "radius_squared": _exact_text(net.problem.radius_squared),
            "norm": self.bounds["paper"].norm,
            "bounds": bounds,
            "smooth": not self.at_kink,
            "smallest_eigenvalue": None if self.smallest is None else ball_json(self.smallest),
            "smallest_eigenvalue_in_floats": self.smallest_in_floats,
        }

    def text(self) -> str:
        """The report as text."""
        net, paper = self.network, self.bounds["paper"]
        sizes = "-".join(str(n) for n in net.sizes)
        lines = [
            f"{sizes} network, H = {net.hidden_layers}, {net.problem.points} points, lambda = {net.problem.decay}",
            "",
            f"l         = {_both(net.loss)}",
            f"l_lambda  = {_both(net.regularised)}",
            f"r         = {paper.radius:.10g}",
            f"||W||_*   = {paper.norm:.10g}",
            "",
        ]
        for name, one in self.bounds.items():
            verdict = f"in U(lambda, theta) for theta < {one.theta_max:.6g}" if one.holds else "in no U(lambda, theta)"
            lines.append(f"{FORMULAS[name] + ':':<49}theta_max = {one.theta_max:.10g}, {verdict}")
        truth = "smallest eigenvalue of Hess l_lambda"
        if self.at_kink:
            lines.append("a pre-activation is 0: there is no Hessian here (the bound is about the pieces round it)")
        elif self.smallest is not None:
            lines.append(f"{truth} = {self.smallest.str(DIGITS)} (proved)")
        elif self.smallest_in_floats is not None:
            lines.append(f"{truth} = {self.smallest_in_floats:.10g} (floats: with more than {LARGEST_EXACT} weights)")
        else:
            lines.append(f"{truth}: not computed for these {len(net.vector)} weights")
        return "\n".join(lines)

    __str__ = text


def ball_json(ball: arb) -> dict[str, str]:
    """A ball as {mid, rad}."""
    return {"mid": ball.mid().str(DIGITS, radius=False), "rad": ball.rad().str(3, radius=False)}


def _float(x: Any) -> float:
    return int(x.p) / int(x.q) if isinstance(x, fmpq) else float(x)


def _floats(values: Array) -> Array:
    return np.array([_float(x) for x in values.ravel()]).reshape(values.shape)


def _exact_text(x: Any) -> Any:
    return ball_json(x) if isinstance(x, arb) else str(x)


def _both(x: fmpq) -> str:
    """An exact number, and its decimal where that is shorter."""
    text, decimal = str(x), f"{_float(x):.10g}"
    return text if len(text) <= 24 and text != decimal else decimal


__all__ = ["EXAMPLE", "Report", "ball_json", "network_of", "read_network"]
