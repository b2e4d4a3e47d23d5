"""Every command in every format: what it prints is what the contract promises."""

import ast
import inspect
import json
import math
import re
import shlex
from collections.abc import Callable
from functools import cache
from typing import Any

import click
import mpmath
import pytest
from mpmath import mpf, pi

import symrelu
from symrelu.claims.claim import Verdict
from symrelu.claims.decide import claims_of, decide_all
from symrelu.cli import main
from symrelu.found import FoundFamilies, find_families

Good = Callable[..., str]
Exact = Callable[[str], Any]
Count = Callable[[str, int], int]
slow = pytest.mark.slow
D46 = ("--blocks", "d-6,6", "--limit", "+,-")


# series ---------------------------------------------------------------------------------------------------------------


def test_series_as_text(good: Good) -> None:
    text = good("series", "2a", "--order", "4")
    lines = text.splitlines()
    assert lines[0].startswith("family 2a: Delta(S_{d-1} x S_1), limit +,-")
    assert "a_4  = 4/pi*t**2 + 32/pi**3*t**3 + " in text
    assert [line.split(" = ")[0].strip() for line in lines if re.match(r"(a_\d|loss) *= ", line)] == [
        "a_1", "a_2", "a_3", "a_4", "a_5", "loss",
    ]  # fmt: skip
    assert "multiplicity  d*factorial(d)" in lines
    assert any(line.startswith("proved by     substitution") for line in lines)


def test_series_as_latex(good: Good) -> None:
    latex = good("series", "3a", "--order", "4", "--format", "latex")
    assert latex.startswith("\\begin{aligned}\n") and latex.rstrip().endswith("\\end{aligned}")
    assert r"A_{d-2}(a_1,a_2)" in latex and r"\sqrt{2}" in latex and r"O\left(d^{-5/2}\right)" in latex
    assert latex.count("{") == latex.count("}")


def check_series_json(data: dict[str, Any], exact: Exact, count: Count) -> None:
    """The keys and kinds of the contract; every exact number in its grammar."""
    assert {
        "family", "isotropy", "ramification", "order", "field", "exact", "entries", "loss", "multiplicity", "proved_by",
    } <= data.keys()  # fmt: skip
    assert data["exact"] is True
    assert data["field"] == {"base": "QQ(pi)", "generators": []}
    assert data["ramification"] == 2
    assert {"blocks", "rows", "cols", "order"} <= data["isotropy"].keys()
    assert data["isotropy"]["rows"] == data["isotropy"]["cols"] == list(range(1, len(data["isotropy"]["blocks"]) + 1))
    for texts in [*data["entries"].values(), data["loss"]]:
        assert len(texts) == data["order"] + 1
        for text in texts:
            assert mpmath.isfinite(exact(text))
    d = 30
    assert count(data["multiplicity"], d) * count(data["isotropy"]["order"], d) == math.factorial(d) ** 2
    assert isinstance(data["proved_by"], str) and data["proved_by"]


@pytest.mark.parametrize(
    ("arguments", "family", "blocks"),
    [
        (("1a",), "1a", ["d"]),
        (("1b", "--order", "7"), "1b", ["d"]),
        (("2a", "--order", "6"), "2a", ["d - 1", "1"]),
        pytest.param(("3a", "--order", "4"), "3a", ["d - 2", "2"], marks=slow),
        (("d-1,1:-,-", "--order", "3"), "1b", ["d"]),  # the actual isotropy
        pytest.param((*D46, "--order", "6"), None, ["d - 6", "6"], marks=slow),
        pytest.param(("d-20,20:-,+", "--order", "2"), None, ["d - 20", "20"], marks=slow),
    ],
)
def test_series_as_json(
    arguments: tuple[str, ...], family: str | None, blocks: list[str], good: Good, exact: Exact, count: Count
) -> None:
    data = json.loads(good("series", *arguments, "--format", "json"))
    check_series_json(data, exact, count)
    assert data["family"] == family
    assert data["isotropy"]["blocks"] == blocks
    assert symrelu.FamilySeries.from_json(data).to_json() == data


def test_json_has_the_numbers_of_the_paper(good: Good, exact: Exact) -> None:
    data = json.loads(good("series", "2a", "--order", "6", "--format", "json"))
    with mpmath.workdps(40):
        expected = {"a_3": 2, "a_4": 4 / pi, "a_5": 2 + 8 / pi + 8 / pi**2}
        for name, number in expected.items():
            assert abs(exact(data["entries"][name][2]) - number) < mpf("1e-35")
        assert abs(exact(data["loss"][2]) - (mpf(1) / 2 - 2 / pi**2)) < mpf("1e-35")
    assert data["loss"][:2] == ["0", "0"]


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        (
            "1b",
            [("A",), ("d:-",), ("--blocks", "d", "--limit", "-"), ("--blocks=d", "--limit=a_1=-1")],
        ),
        pytest.param(
            "2a",
            [
                ("II",),
                ("--blocks", "d-1,1", "--limit", "+,-"),
                ("--blocks=d - 1, 1", "--limit=1,-1"),
                ("--blocks", "d-1,1", "--limit", "a_1=1,a_5=-1"),
                ("--blocks", "d-1,1", "--rows", "1,2", "--cols", "1,2", "--limit", "+,-"),
                ("d-1,1:+,-",),
            ],
            marks=slow,
        ),
    ],
)
def test_every_spelling_names_the_same_family(name: str, spellings: list[tuple[str, ...]], good: Good) -> None:
    for words in spellings:
        assert good("series", *words, "--order", "2") == good("series", name, "--order", "2"), words


def test_a_limit_that_begins_with_a_minus_sign(good: Good) -> None:
    assert good("series", "--blocks", "d-1,1", "--limit", "-,+", "--order", "1").startswith("family 2b: ")


def test_order_0_and_the_default(good: Good) -> None:
    assert "a_1  = -1 + O(t)\n" in good("series", "1b", "--order", "0")
    assert good("series", "1b") == good("series", "1b", "--order", "4")


@slow
def test_the_commands_of_the_readme_and_the_help(good: Good) -> None:
    assert "a_5  = -1 + (2 + 8/pi + 8/pi**2)*t**2" in good("series", "2a", "--order", "8")
    assert r"\sqrt{2}" in good("series", "3a", "--order", "8", "--format", "latex")
    assert json.loads(good("series", *D46, "--order", "6", "--format", "json"))["order"] == 6
    assert "second - first" in good("compare", "1a", "2a", "--order", "2")


# families -------------------------------------------------------------------------------------------------------------


@cache
def named_families() -> FoundFamilies:
    return find_families()


@pytest.fixture
def named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The named families are found, and their spectra computed, once for all formats."""
    monkeypatch.setattr("symrelu.found.find_families", lambda **chosen: named_families())


@pytest.mark.usefixtures("named_once")
def test_families_as_json(good: Good, exact: Exact, count: Count) -> None:
    data = json.loads(good("families", "--format", "json"))
    assert isinstance(data["completeness"], str) and data["completeness"]
    assert [one["name"] for one in data["families"]] == ["1a", "1b", "2a", "2b", "3a", "3b", "4"]
    for one in data["families"]:
        assert one["branch"] == 1
        assert one["limit"].keys() == one["leading"].keys()
        assert [exact(text) for text in one["limit"].values() if exact(text)] in ([1], [-1], [1, -1], [-1, 1])
        for leading in one["leading"].values():
            if leading["power"] is None:
                assert leading["coefficient"] == "0"
            else:
                assert int(leading["power"]) >= 1 and exact(leading["coefficient"]) != 0
        assert count(one["multiplicity"], 30) * count(one["isotropy"]["order"], 30) == math.factorial(30) ** 2
    by_name = {one["name"]: one for one in data["families"]}
    assert by_name["2a"]["leading"]["a_4"] == {"power": "2", "coefficient": "4/pi"}
    assert by_name["1a"]["leading"]["a_1"]["power"] is None


@slow
@pytest.mark.usefixtures("named_once")
def test_families_as_text(good: Good) -> None:
    text = good("families")
    for name in ("1a", "1b", "2a", "2b", "3a", "3b", "4"):
        assert re.search(rf"^{name} .*multiplicity", text, re.MULTILINE)
    assert text.rstrip().splitlines()[-1].startswith("complete?")


def test_the_family_over_one_limit(good: Good) -> None:
    data = json.loads(good("families", "--blocks", "d-1,1", "--limit", "-,-", "--format", "json"))
    (one,) = data["families"]
    assert one["name"] == "1b"
    assert one["isotropy"]["blocks"] == ["d"]
    assert one["kind_at_large_d"] == "minimum"
    assert data["completeness"].startswith("proved for families a = limit + O(1/d)")


# expression -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["gradient", "loss"])
@pytest.mark.parametrize("words", [("1b",), ("--blocks", "d/2,d/2"), ("--blocks", "d", "--rows", "1,*")])
def test_expression_as_json(words: tuple[str, ...], what: str, good: Good) -> None:
    data = json.loads(good("expression", *words, "--what", what, "--format", "json"))
    assert data["what"] == what
    coordinates = {"1b": 2}.get(words[0], 6 if "d/2,d/2" in words else 3)
    assert list(data["values"]) == (["L"] if what == "loss" else [f"F_{i + 1}" for i in range(coordinates)])
    known = {"d", "pi", "sin", "cos", "acos", "sqrt", "Abs"} | {f"a_{i + 1}" for i in range(coordinates)}
    for part, names in (("values", known | data["definitions"].keys()), ("definitions", known), ("explicit", known)):
        for text in data[part].values():
            # formulas that any reader can parse, in declared names alone
            found = {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)}
            assert found <= names, found - names


def test_expression_as_text(good: Good) -> None:
    text = good("expression", "1b")
    assert text.startswith("F_1 = ") and "\nF_2 = " in text and "\nwhere\n" in text
    assert "  nu_1 = sqrt(" in text and "  beta_1_1o = acos(" in text
    explicit = good("expression", "1b", "--explicit")
    assert "nu_1" not in explicit and "where" not in explicit and "acos(" in explicit
    assert good("expression", "1b", "--what", "gradient") == text


def test_expression_as_latex(good: Good) -> None:
    latex = good("expression", "1b", "--format", "latex")
    assert latex.startswith("\\begin{aligned}\n") and latex.rstrip().endswith("\\end{aligned}")
    assert r"\nu_{(1)}" in latex and r"\alpha_{(1)}^{(1')}" in latex and latex.count("{") == latex.count("}")
    assert r"\mathcal{L} &= " in good("expression", "1b", "--what", "loss", "--format", "latex")


def test_expression_says_what_its_names_mean(good: Good) -> None:
    """H_s1_1_2 means nothing without the representatives 1 and 2, nor an eigenvalue without its multiplicity."""
    data = json.loads(good("expression", "1b", "--what", "hessian", "--layers", "1", "--format", "json"))
    s1 = {"component": "s1", "multiplicity": "d - 1"}
    assert {**s1, "representatives": ["rows(1,1)", "columns(1,1)", "diagonal(1,1)"]} in data["components"]
    assert "H_s1_3_3" in data["values"] and "H_s1_4_4" not in data["values"]
    both = json.loads(good("expression", "1b", "--what", "eigenvalues", "--format", "json"))
    assert "H_s1_4_4" in both["values"] and both["components"][1]["representatives"][3] == "second(1)"
    assert "  y1  d*(d - 3)/2: symmetric(1,1)" in good("expression", "1b", "--what", "eigenvalues", "--explicit")
    assert r"multiplicity } d - 1 \text{" in good("expression", "1b", "--what", "hessian", "--format", "latex")


# compare --------------------------------------------------------------------------------------------------------------


def test_compare_as_json(good: Good, exact: Exact, count: Count) -> None:
    data = json.loads(good("compare", "1a", "1b", "--order", "1", "--format", "json"))
    assert {"families", "loss_difference", "entries_difference", "spectrum_difference"} <= data.keys()
    assert [one["family"] for one in data["families"]] == ["1a", "1b"]
    for one in data["families"]:
        check_series_json(one, exact, count)
    assert data["loss_difference"] == ["1/2 - 1/pi", "-4/(3*pi)"]  # equation (4) of the paper
    assert data["entries_difference"] == {"a_1": ["-2", "0"], "a_2": ["0", "0"]}
    # t**-2 .. t**1 in the exact-number grammar, and how often in 1a and in 1b
    rows = {tuple(row["coefficients"]): row["multiplicity"] for row in data["spectrum_difference"]}
    assert all(row["first_power"] == -2 for row in data["spectrum_difference"])
    assert rows["1/4", "0", "1/2", "0"] == ["d - 1", "0"] and rows["1/4", "0", "1/2", "-1/pi"] == ["0", "d - 1"]
    assert all(exact(c) is not None for coefficients in rows for c in coefficients)


def test_compare_over_balls(good: Good) -> None:
    data = json.loads(good("compare", "1a", "1b", "--kernel", "erf", "--order", "0", "--format", "json"))
    assert data["field"]["base"] == "balls"
    assert data["entries_difference"]["a_1"] == [{"mid": "-2", "rad": "0"}]
    assert data["loss_difference"] == [{"mid": "0", "rad": "0"}]


def test_compare_as_text_and_latex(good: Good) -> None:
    text = good("compare", "1a", "1b", "--order", "1")
    assert text.startswith("first   1a: Delta S_d, limit +\nsecond  1b: Delta S_d, limit -\n")
    assert "second - first  1/2 - 1/pi - 4/(3*pi)*t + O(t**2)" in text and "\nt = d**(-1/2)\n" in text
    latex = good("compare", "1a", "1b", "--order", "1", "--format", "latex")
    assert r"\mathcal{L}_2 - \mathcal{L}_1 &= \frac{1}{2} - \frac{1}{\pi}" in latex
    assert r"d - 1,\ -:\quad & \frac{d}{4} + \frac{1}{2}" in latex, "the spectra too"
    assert latex.count("{") == latex.count("}")


def test_compare_three_families(good: Good) -> None:
    assert "  1b 1b  -1/pi  d - 1" in good("compare", "1a", "1b", "1b", "--order", "1")
    data = json.loads(good("compare", "1a", "1b", "1b", "--order", "1", "--format", "json"))
    assert data["families"] == ["1a", "1b", "1b"] and data["spectrum_parting"]
    assert good("compare", "1a", "1b", "1b", "--order", "1", "--format", "latex").startswith("\\begin{array}")


@slow
def test_compare_without_families_takes_the_named_ones(good: Good) -> None:
    text = good("compare", "--order", "1")
    assert "  1a 2a 3a 4  0      d - 1\n  1b 2b 3b    -1/pi  d - 1" in text


@slow
def test_compare_families_over_different_fields(good: Good) -> None:
    # square roots of 2 and of 6 in one answer
    assert "second - first" in good("compare", "3a", "d-6,6:+,-", "--order", "1")


# verify ---------------------------------------------------------------------------------------------------------------


@cache
def coefficients_decided() -> list[Verdict]:
    return decide_all([c for c in claims_of("theorem1") if c.kind not in ("minimum", "positive_loss", "exists")])


@pytest.fixture
def coefficients_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the claims that take certificates, and minutes; the others are decided once for all formats."""
    monkeypatch.setattr("symrelu.claims.decide.decide_all", lambda claims, progress: coefficients_decided())


@slow
@pytest.mark.usefixtures("coefficients_only")
def test_verify_theorem1(good: Good) -> None:
    data = json.loads(good("verify", "theorem1", "--format", "json"))
    answers = [item["verdict"] for item in data["claims"]]
    assert (answers.count("confirmed"), answers.count("refuted")) == (len(answers) - 1, 1)
    assert len(answers) == 72


@slow
@pytest.mark.usefixtures("coefficients_only")
def test_verify_as_text(good: Good) -> None:
    assert good("verify", "theorem1").rstrip().endswith("72 claims: 71 confirmed, 1 refuted, 0 undecided")
    verbose = good("verify", "theorem1", "-v")
    assert verbose.count("source: ") == 72


# help and version -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", sorted(main.commands))
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_of_every_command_teaches(command: str, option: str, good: Good) -> None:
    text = good(command, option)
    assert text.startswith(f"Usage: symrelu {command} ")
    assert f"\n  symrelu {command}" in text, "the help shows an example to type"
    assert len(main.commands[command].help or "") > 60
    for parameter in main.commands[command].params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.help, f"{parameter.opts} is not explained"
    assert all(len(line) <= 100 for line in text.splitlines())


def test_help_of_the_whole(good: Good) -> None:
    text = good("--help")
    for command in main.commands:
        assert re.search(rf"^  {command} ", text, re.MULTILINE)
    assert "\n  symrelu series 2a --order 4" in text


def test_the_list_of_commands_says_whole_sentences(good: Good) -> None:
    listed = good("--help").split("Commands:\n")[1].splitlines()
    assert len(listed) == len(main.commands), "one line a command"
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


@pytest.mark.parametrize("command", [None, *sorted(main.commands)])
def test_paragraphs_of_the_help_have_no_ragged_lines(command: str | None) -> None:
    # edits leave stumps in the middle of a sentence, which readers of the source and of help(main) stumble over
    text = inspect.cleandoc((main if command is None else main.commands[command]).callback.__doc__ or "")
    for paragraph in text.split("\n\n"):
        if not paragraph.startswith("\b"):
            assert all(len(line) > 80 for line in paragraph.splitlines()[:-1]), paragraph


@pytest.mark.parametrize("command", sorted(main.commands))
def test_examples_in_the_help_are_accepted(command: str, good: Good) -> None:
    # each example line is parsed as a user would type it, without being carried out
    examples = re.findall(rf"^  symrelu {command} (.*)$", good(command, "--help"), re.MULTILINE)
    for example in examples:
        chosen, words = main.commands[command], shlex.split(example, comments=True)
        while isinstance(chosen, click.Group):
            chosen = chosen.commands[words.pop(0)]
        assert chosen.make_context(command, words).params


def test_version(good: Good) -> None:
    assert good("--version") == f"symrelu, version {symrelu.__version__}\n"
