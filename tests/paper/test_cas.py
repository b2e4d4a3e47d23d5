"""Formulas for Mathematica, Maple and Sage are the library's: read back, they have its values to 30 digits."""

import re
from collections.abc import Callable

import mpmath
import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.exact.constants import BallField
from symrelu.exact.parse import parse
from symrelu.exact.series import Series
from symrelu.paper.cas import (
    LANGUAGES,
    declared_lines,
    eigenvalue_lines,
    entry_lines,
    series_of,
    text_of,
    translated,
)
from symrelu.paper.material import Request
from symrelu.paper.notation import Notation

Known = Callable[[str], symrelu.Family]
DIGITS, PLACE = 30, 12  # the formulas are compared at d = 12
DEFINITION = {
    "mathematica": r"^{}\[d_\] := (.*?)  \(\*",
    "maple": r"^{} := d -> (.*?):  #",
    "sage": r"^def {}\(d\): return (.*?)  #",
}


def python(text: str, form: str) -> str:
    """A formula of a language in the grammar of the library, by a translator of the test's own."""
    text = text.replace("^", "**").replace("Pi", "pi")
    if form == "mathematica":
        text = re.sub(r"`\d+", "", text).replace("*^", "e").replace("Sqrt[", "sqrt(").replace("]", ")")
    return re.sub(r"d\*\*\((-?\d+)/2\)", lambda m: f"root**({m[1]})", text)


def value(text: str, form: str) -> mpmath.mpf:
    """The number that such a formula gives at d = PLACE."""
    text = re.sub(r"\*\*\((-?\d+)\)", r"**\1", python(text, form))
    names = {"pi": +mpmath.pi, "d": mpmath.mpf(PLACE), "root": mpmath.sqrt(PLACE)}
    functions = {"sqrt": mpmath.sqrt, "factorial": mpmath.factorial}
    return parse(text, names, lambda x: mpmath.mpf(x.numerator) / x.denominator, functions)


def ours(x: Series) -> mpmath.mpf:
    t = mpmath.mpf(PLACE) ** (-mpmath.mpf(1) / x.ramification)

    def number(c: object) -> mpmath.mpf:
        return mpmath.mpf(x.field.ball(c, 200).mid().str(50, radius=False))

    return x.exact().evaluate(t, number)


def body(text: str, form: str, name: str) -> str:
    found = re.search(DEFINITION[form].format(name), text, re.MULTILINE)
    assert found, f"{name} is not defined"
    return found[1]


@pytest.mark.parametrize("form", LANGUAGES)
@pytest.mark.parametrize("name", ["2a", "d-6,6:+,-"])
def test_entries_and_loss_have_our_values(form: str, name: str, known: Known) -> None:
    series = known(name).series(4)
    text = "\n".join(entry_lines(series, LANGUAGES[form], Notation(), ""))
    with mpmath.workdps(DIGITS + 15):
        for entry, x in [*series.entries.items(), ("loss", series.loss)]:
            found = value(body(text, form, entry.replace("_", "")), form)
            assert mpmath.almosteq(found, ours(x), rel_eps=mpmath.mpf(10) ** -DIGITS, abs_eps=mpmath.mpf(10) ** -40)


@pytest.mark.parametrize(("form", "layers"), [("mathematica", 2), ("maple", 2), ("sage", 2), ("sage", 1)])
def test_eigenvalues_have_our_values_and_multiplicities(form: str, layers: int, known: Known) -> None:
    spectrum = known("1b").spectrum(0, layers)
    line = eigenvalue_lines(spectrum, LANGUAGES[form], Notation(), "", several=False)[-1]
    rows = re.findall(r'[\[{]"([a-z0-9*]+)", (\d+), (.*?), ([^"]*?)[\]}](?:, |[\]}])', line)
    assert [(r[0], int(r[1])) for r in rows] == [(e.component.name, e.branch) for e in spectrum.eigenvalues]
    with mpmath.workdps(DIGITS + 15):
        for row, e in zip(rows, spectrum.eigenvalues, strict=True):
            assert value(row[2], form) == e.multiplicity.at(PLACE)
            assert mpmath.almosteq(value(row[3], form), ours(e.series), rel_eps=mpmath.mpf(10) ** -DIGITS)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("mathematica", "3*Sqrt[Pi^2 + 4]/(2*Pi)*(1.25`3*^-7)"),
        ("maple", "3*sqrt(Pi^2 + 4)/(2*Pi)*(1.25e-7)"),
        ("sage", "3*sqrt(pi**2 + 4)/(2*pi)*(1.25e-7)"),
    ],
)
def test_each_language_has_its_own_words(form: str, text: str) -> None:
    assert translated("3*sqrt(pi**2 + 4)/(2*pi)*(1.25e-7)", LANGUAGES[form]) == text


def test_decimals_keep_their_digits() -> None:
    x = Series(BallField(), 0, [BallField().pi, 0, 2], 3)
    assert series_of(x, LANGUAGES["maple"], "d", {}, 20) == "3.1415926535897932385 + (2)*d^(-1)"
    assert series_of(x, LANGUAGES["mathematica"], "n", {}, 20) == "3.1415926535897932385`20 + (2)*n^(-1)"


def test_several_families_have_names_of_their_own_and_symbols_are_renamed(known: Known) -> None:
    request = Request(order=2, spectrum_order=0)
    text = text_of([known("1a"), known("1b")], "sage", request, Notation({"d": "n", "a": "w"}))
    names = re.findall(r"^def (\w+)\(n\)", text, re.MULTILINE)
    assert names == [f"f{i}{x}" for i in (1, 2) for x in ("w1", "w2", "loss", "multiplicity", "eigenvalues")]
    compile(text, "families.sage", "exec")  # Sage is Python
    with pytest.raises(BadInput, match="no name"):
        text_of([known("1a")], "sage", request, Notation({"d": r"\delta"}))


def test_roots_of_polynomials_are_defined_first() -> None:
    from symrelu.exact.algebraic import AlgebraicField
    from symrelu.exact.qpi import QPI

    field = AlgebraicField(QPI, [-QPI.pi, QPI(-1), QPI.zero, QPI.one], 0)
    names, (line,) = declared_lines([field], LANGUAGES["mathematica"], "theta")
    assert names == {"theta_1": "theta1"}
    assert line.startswith("theta1 = Root[{(#^3 - # - Pi)&, 1.6") and line.endswith("}]")
    assert declared_lines([field], LANGUAGES["maple"], "theta")[1][0].startswith("theta1 := RootOf(_Z^3 - _Z - Pi, 1.6")
