"""Other symbols: every place and no other, and refusals in one line."""

import json
from pathlib import Path

import pytest

from symrelu.errors import BadInput
from symrelu.paper.notation import Notation


def test_symbols_are_renamed_everywhere() -> None:
    notation = Notation({"d": "n", "a": "w", "a_5": r"\xi", r"\mathcal{L}": "F", "pi": r"\varpi"})
    assert notation.apply(r"\frac{a_{1}}{\pi d^{3/2}}") == r"\frac{w_{1}}{\varpi n^{3/2}}"
    assert notation.apply(r"A_{d-2}(a_5,a_6)") == r"A_{n-2}(\xi,w_{6})"
    assert notation.apply(r"\mathcal{L}(W(d)) = \mathcal{I}_{d-1,1}") == r"F(W(n)) = \mathcal{I}_{n-1,1}"


def test_words_are_not_renamed() -> None:
    notation = Notation({"d": "n", "a": "w", "alpha": "c"})
    assert notation.apply(r"\text{Diag}(\lambda_d)") == r"\text{Diag}(\lambda_n)"
    assert notation.apply(r"\mathfrak{s}_{1} \quad \left(\begin{array}{c|c} d \end{array}\right)") == (
        r"\mathfrak{s}_{1} \quad \left(\begin{array}{c|c} n \end{array}\right)"
    )
    assert notation.apply(r"\alpha d \approx 1") == r"c n \approx 1"


def test_a_command_does_not_swallow_a_letter() -> None:
    assert Notation({"pi": r"\varpi", "d": "n"}).apply(r"{\pi}d") == r"{\varpi}n"
    assert Notation({"W": r"\Omega"}).apply("Wd") == r"\Omega d"


def test_two_symbols_may_change_places() -> None:
    assert Notation({"d": "W", "W": "d"}).apply("W(d)") == "d(W)"


def test_letters_of_the_text_make_way() -> None:
    notation = Notation({"d": "n", "a": "w", "W": "x"})
    size, row, point = (notation.apply(x) for x in ("A_n(x,y)", "w_i", r"\langle w_i, x \rangle, I_d"))
    assert "n" not in size and "w" not in row and "x" not in point
    assert notation.apply("A_d(a_1,a_2)") == "A_n(w_{1},w_{2})" and point.endswith("I_n")
    assert Notation({"d": "D"}).apply("A_n(x,y)") == "A_n(x,y)"


def test_names_for_algebra_systems() -> None:
    notation = Notation({"d": "n", "a": "w", "loss": "f"})
    assert [notation.word(x) for x in ("d", "a_1", "loss")] == ["n", "w1", "f"]
    with pytest.raises(BadInput, match="no name in an algebra system"):
        Notation({"d": r"\delta"}).word("d")
    with pytest.raises(BadInput, match="no name in an algebra system"):
        Notation({"loss": "E"}).word("loss")


BAD = {
    "no symbol": ({"x": "y"}, "symbols to be renamed are d, W"),
    "no text": ({"d": 3}, "give a letter"),
    "a command that reads files": ({"d": r"\input{secret}"}, "give a letter"),
    "a command hidden in an index": ({"d": r"n_{\write}"}, "give a letter"),
    "a brace": ({"d": "n}"}, "give a letter"),
    "nothing": ({"d": ""}, "give a letter"),
    "an index for what has one": ({"a": "b_1"}, "has indices itself"),
    "two of one name": ({"d": "n", "W": "n"}, "stands for"),
    "the name of another": ({"d": "W"}, "stands for W"),
    "the name of another entry": ({"a_1": "a_2"}, "stands for a_2"),
    "the name that an entry gets": ({"a": "w", "a_1": "w_2"}, "stands for a_2"),
    "the name of d and of an entry": ({"a": "n", "d": "n_1"}, "stands for a_1"),
    "a factor of rescaling": ({"d": r"\lambda_1"}, "stands for lambda_1"),
    "a root of a polynomial": ({"d": r"\theta_1"}, "something else"),
    "a group": ({"d": "S"}, "something else"),
    "twice": ({"pi": "p", r"\pi": "q"}, "twice"),
}


@pytest.mark.parametrize("case", BAD)
def test_refusals(case: str) -> None:
    names, words = BAD[case]
    with pytest.raises(BadInput, match=words):
        Notation(names)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ("[1]", "no object"),
        ('{"d": "n", "d": "m"}', "twice"),
        ('{"d": "n"', "no JSON"),
        ("\xff", "UTF-8"),
    ],
)
def test_files_that_are_none(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(BadInput, match=words):
        Notation.read(path)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text(json.dumps({"d": "n", "a_1": "x"}))
    assert Notation.read(path).names == {"d": "n", "a_1": "x"}
    with pytest.raises(BadInput, match="cannot be read"):
        Notation.read(tmp_path / "none.json")
