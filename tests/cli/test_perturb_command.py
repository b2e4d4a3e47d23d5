"""symrelu neuron and symrelu perturb: what they print, their JSON, refusals in one line."""

import json
from collections.abc import Callable

from click.testing import Result


def test_one_neuron(run: Callable[..., Result]) -> None:
    data = json.loads(run("neuron", "--format", "json").stdout)
    assert [side["loss"] for side in data["sides"]] == ["(v - w)**2/4", "(v**2 + w**2)/4"]
    assert data["at_zero"]["derivative_from_same_side"] == "-v/2" and not data["at_zero"]["differentiable"]
    text = run("neuron").stdout
    assert "w and v real, neither 0" in text and "w = v (loss 0, Hessian 1/2), and no other" in text
    assert r"\frac{1}{2}" in run("neuron", "--format", "latex").stdout
    assert run("neuron", "--kernel", "nonsense").exit_code == 2
