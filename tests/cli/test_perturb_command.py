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


def test_perturb(run: Callable[..., Result]) -> None:
    words = ("perturb", "2a", "--d", "7", "--steps", "2", "--keep", "S_4 x S_2")
    data = json.loads(run(*words, "--format", "json").stdout)
    assert data["group_left"] == "Delta(S_4 x S_2 x S_1)" and data["stopped"] is None
    assert [point["negative"] for point in data["points"]] == [0, 0, 0]
    assert all(one["splits_into"] == one["measured"] for one in data["clusters"])
    assert sum(one["multiplicity"] for one in data["clusters"]) == len(data["points"][0]["eigenvalues"]) == 49
    text = run(*words).stdout
    assert "what E leaves of it: Delta(S_4 x S_2 x S_1)" in text and "5 = 3 + 2*1" in text


def test_perturb_refuses_in_one_line(run: Callable[..., Result]) -> None:
    for words, message in (
        (("2a", "--d", "7", "--kind", "odd"), "give one of random, symmetric, antisymmetric"),
        (("2a", "--d", "7", "--keep", "many"), "give it as S_5 x S_3"),
        (("2a", "--d", "7", "--size", "0"), "give the norm of V - I"),
        (("2a", "--d", "7", "--kernel", "erf"), "positively homogeneous"),
    ):
        result = run("perturb", *words)
        assert result.exit_code == 2 and message in result.stderr and result.stderr.count("\n") == 1
