"""symrelu freeprob: the JSON of the contract, the text, and what is refused."""

import inspect
import json
import re
from collections.abc import Callable
from typing import Any

import click
import pytest
import sympy
from click.testing import Result

from symrelu.cli.freeprob import freeprob
from symrelu.exact.parse import parse

Run = Callable[..., Result]
Good = Callable[..., str]
Refusal = Callable[[int, str, str], str]
LAW = ("freeprob", "law", "--model")
THRESHOLD = ("freeprob", "threshold", "--model")


def test_law_as_json(good: Good) -> None:
    data = json.loads(
        good(
            *LAW,
            "wishart-wigner",
            "--phi",
            "1/4",
            "--eps",
            "1/10",
            "--at=-0.1,0.5",
            "--digits",
            "12",
            "--format",
            "json",
        )
    )
    assert data["points"] == [
        {"x": "-0.1", "density": "0.268739102183", "cdf": "0.0229652449668"},
        {"x": "0.5", "density": "0.493177546785", "cdf": "0.274346530928"},
    ]
    assert data["edges"] == ["-0.225729430422", "2.50182362346"]
    assert data["atoms"] == []
    assert data["index"] == "0.0539804807807"


def test_density_is_null_on_an_atom_and_the_index_leaves_it_out(good: Good) -> None:
    data = json.loads(
        good(*LAW, "refined", "--phi", "3", "--eps", "1", "--at", "0", "--digits", "8", "--format", "json")
    )
    assert data["points"] == [{"x": "0", "density": None, "cdf": "0.50000000", "remark": "an atom"}]
    assert data["atoms"] == [{"x": "0", "mass": "1/3"}]
    assert data["index"] == "0.16666667"


def test_where_the_density_is_infinite(good: Good) -> None:
    data = json.loads(good(*LAW, "refined", "--phi", "2", "--eps", "1", "--at", "0,1", "--format", "json"))
    assert data["points"][0]["density"] is None
    assert "infinite" in data["points"][0]["remark"]
    assert float(data["points"][1]["density"]) > 0


def test_the_command_of_the_issue(good: Good) -> None:
    text = good(*LAW, "refined", "--phi", "1/2", "--eps", "1/2", "--at", "0", "--digits", "30")
    (row,) = [line.split() for line in text.splitlines() if line.split()[:1] == ["0"]]
    assert all(len(word) >= 32 for word in row[1:])
    assert "MarchenkoPastur(phi=1/2, mean=1) + ProductWishart(eps=1/2, phi=1/2)" in text


def test_sample_agrees_with_the_law(good: Good) -> None:
    data = json.loads(
        good(*LAW, "refined", "--phi", "3", "--eps", "1", "--sample", "200", "--seed", "7", "--format", "json")
    )
    assert float(data["sample"]["largest_cdf_difference"]) < 0.02
    assert float(data["sample"]["index"]) == pytest.approx(1 / 6, abs=0.01), "the atom at 0 is no negative eigenvalue"


def test_threshold_as_json(good: Good, exact: Callable[[str], Any]) -> None:
    data = json.loads(good(*THRESHOLD, "wishart-wigner", "--phi", "1/4", "--format", "json"))
    assert data["eps_c"].startswith("0.0435095264191644925")
    assert data["alpha_0"].startswith("0.0748327377935214262")
    assert data["exponent"] == "3/2"
    for decimal, formula in (
        ("eps_c", "exact"),
        ("alpha_0", "alpha_0_exact"),
        ("a_1", "a_1_exact"),
        ("G_c", "G_c_exact"),
    ):
        assert float(exact(data[formula])) == pytest.approx(float(data[decimal]), rel=1e-14)


@pytest.mark.parametrize("phi", ["1", "3/2", "2", "7"])
def test_no_threshold_has_a_reason(good: Good, exact: Callable[[str], Any], phi: str) -> None:
    data = json.loads(good(*THRESHOLD, "refined", "--phi", phi, "--format", "json"))
    assert data["eps_c"] is None
    assert data["reason"]
    assert ("saturation" in data) == (phi == "3/2")
    if phi == "3/2":
        found = data["saturation"]
        assert float(exact(found["eps_sat_exact"])) == pytest.approx(float(found["eps_sat"]), rel=1e-14)
        assert found["index"] == "1/3"
    assert "no threshold" in good(*THRESHOLD, "refined", "--phi", phi)


def test_closed_forms_without_phi(good: Good) -> None:
    text = good(*THRESHOLD, "refined")
    assert "eps_c   = 16*d**3*sigma**2*(t + 1)/(phi*(t + 3)**3)" in text
    assert "1 < phi < 2" in text
    data = json.loads(good(*THRESHOLD, "wishart-wigner", "--format", "json"))
    assert data["eps_c"] is None and "left open" in data["reason"]
    assert data["exact"] == "4*d**3*sigma**2*(s + 1)/(s + 3)**3"
    assert data["closed_forms"]["0 < phi < 1"]["s"] == "sqrt(8*phi + 1)"
    assert r"\epsilon_c &= \frac{-11 + 5 \sqrt{5}}{16}" in good(
        *THRESHOLD, "wishart-wigner", "--phi", "1/2", "--format", "latex"
    )
    latex = good(*THRESHOLD, "refined", "--format", "latex")
    assert r"\begin{align*}" in latex and r"\epsilon_c &= " in latex


def test_polynomials_of_the_paper(good: Good) -> None:
    cubic = json.loads(good("freeprob", "polynomial", "--model", "wishart-wigner", "--format", "json"))
    assert cubic["degree"] == 3
    assert cubic["moments"][:2] == ["1", "2*eps + phi + 1"]
    quartic = json.loads(good("freeprob", "polynomial", "--model", "refined", "--phi", "1/2", "--format", "json"))
    assert quartic["degree"] == 4
    assert "phi" not in quartic["R"] and "sigma" in quartic["R"]
    assert r"\epsilon" in good("freeprob", "polynomial", "--model", "refined", "--format", "latex")
    assert "m_3" in good("freeprob", "polynomial", "--model", "product-wishart", "--moments", "4")


def test_closed_form_of_the_distribution_function(good: Good) -> None:
    """dF/dG = z - R(G) - 1/G, read back from what is printed."""
    data = json.loads(good("freeprob", "polynomial", "--model", "refined", "--format", "json"))
    names = {name: sympy.Symbol(name, positive=True) for name in ("G", "z", "g", "phi", "eps", "sigma")}
    roots = {"log": sympy.log, "sqrt": sympy.sqrt}
    F, R = (parse(data[key], names, sympy.Rational, roots) for key in ("antiderivative", "R"))
    G = names["G"]
    assert sympy.simplify(sympy.diff(F, G) - (names["z"] - R.subs(names["g"], G) - 1 / G)) == 0
    assert data["distribution"].startswith("P(X < x) = 1 - Im F")
    assert f"F(z, G) = {data['antiderivative']}" in good("freeprob", "polynomial", "--model", "refined")
    assert r"F(z, G) &= " in good("freeprob", "polynomial", "--model", "refined", "--format", "latex")


def test_law_as_latex(good: Good) -> None:
    latex = good(*LAW, "refined", "--phi", "3", "--eps", "1", "--at", "0,1", "--digits", "8", "--format", "latex")
    assert r"P(X = 0) &= \frac{1}{3} \\" in latex
    assert r"P(X < 0) &= 0.16666667 \\" in latex
    assert r"P(X \le 0) &= 0.50000000 \\" in latex
    assert r"\rho(1) &= " in latex and r"\rho(0)" not in latex
    assert latex.count(r"\cup") == 1 and latex.rstrip().endswith(r"\end{align*}")


def test_bridge(good: Good) -> None:
    data = json.loads(good("freeprob", "bridge", "1b", "--d", "8", "--layers", "1", "--phi", "1/2", "--format", "json"))
    assert data["parameters"] == 64
    assert [x["phi"] for x in data["spectra"][:5]] == [None, "0", "0", "1/2", "1/2"]
    assert "* population: " in good("freeprob", "bridge", "1b", "--d", "8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("freeprob", "bridge", "2a"), "--d"),
        (("freeprob", "bridge", "2a", "--d", "20.5"), "whole"),
        (("freeprob", "bridge", "2a", "--d", "20", "--phi", "0"), "phi"),
        (("freeprob", "bridge", "--d", "20"), "family"),
        ((*LAW, "refined", "--phi", "0", "--eps", "1"), "phi was given as 0"),
        ((*LAW, "refined", "--phi", "-1", "--eps", "1"), "phi was given as -1"),
        ((*LAW, "refined", "--phi", "nan", "--eps", "1"), "'nan'"),
        ((*LAW, "refined", "--phi", "abc", "--eps", "1"), "'abc'"),
        ((*LAW, "refined", "--phi", "1/2"), "--eps"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "0"), "eps was given as 0"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--sigma", "-2"), "sigma was given as -2"),
        ((*LAW, "wigner", "--phi", "1/2", "--eps", "1"), "wishart-wigner"),
        ((*LAW, "product-wishart", "--phi", "1/2", "--eps", "1", "--sigma", "2"), "no sigma"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--at", "one"), "'one'"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--at", "1,,2"), "--at"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--digits", "0"), "0 digits"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--digits", "99999"), "99999 digits"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--sample", "1"), "1 rows"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--sample", "9", "--seed", "-1"), "--seed"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1", "--format", "latex", "--sample", "9"), "latex"),
        ((*LAW, "refined", "--phi", "1e400", "--eps", "1"), "from 1e-100 to 1e100"),
        ((*LAW, "refined", "--phi", "1/2", "--eps", "1e-400"), "from 1e-100 to 1e100"),
        ((*LAW, "refined", "--phi", "300", "--eps", "1", "--sample", "100"), "give 582 rows"),
        ((*THRESHOLD, "refined", "--phi", "1e400"), "from 1e-100 to 1e100"),
        ((*THRESHOLD, "refined", "--phi", "0"), "phi was given as 0"),
        ((*THRESHOLD, "refined", "--phi", "inf"), "'inf'"),
        ((*THRESHOLD, "refined", "--phi", "1/2", "--digits", "0"), "0 digits"),
        ((*THRESHOLD, "refined", "--phi", "3", "--format", "latex"), "text or json"),
        ((*THRESHOLD, "product-wishart", "--phi", "1/2"), "no threshold"),
        ((*THRESHOLD, "wigner"), "wishart-wigner, refined"),
        ((*THRESHOLD, "refined", "--sigma", "0"), "was given as 0"),
        (("freeprob", "polynomial", "--model", "refined", "--moments", "-1"), "-1 moments"),
        (("freeprob", "laws"), "laws"),
    ],
)
def test_wrong_input_is_one_line(run: Run, refusal: Refusal, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert said in refusal(result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize("command", ["bridge", "law", "polynomial", "threshold"])
def test_help_teaches(run: Run, command: str) -> None:
    result = run("freeprob", command, "--help")
    assert result.exit_code == 0
    assert re.search(rf"^  {command} ", run("freeprob", "--help").stdout, re.MULTILINE)
    examples = re.findall(rf"^  symrelu freeprob {command} (.*?)(?:   .*)?$", result.stdout, re.MULTILINE)
    assert examples
    for example in examples:
        assert freeprob.commands[command].make_context(command, example.split()).params
    for parameter in freeprob.commands[command].params:
        assert not isinstance(parameter, click.Option) or parameter.help, f"{parameter.opts} is not explained"
    for paragraph in inspect.cleandoc(freeprob.commands[command].callback.__doc__ or "").split("\n\n"):
        if not paragraph.startswith("\b"):
            assert all(len(line) > 80 for line in paragraph.splitlines()[:-1]), paragraph
