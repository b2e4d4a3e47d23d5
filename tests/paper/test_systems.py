"""The text for Mathematica, Maple and Sage, evaluated by systems that read these languages, gives our numbers.

Mathics reads Mathematica's language, Giac in its Maple mode Maple's, and Sage's symbolic ring is a package of its own.
Each test is skipped, with a message, where its system is not installed: pip install Mathics3, apt install xcas, pip
install passagemath-symbolics passagemath-repl. SYMRELU_MATHICS and SYMRELU_SAGE may name a Python that has them.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mpmath
import pytest

import symrelu
from symrelu.exact.algebraic import AlgebraicField
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.paper.cas import LANGUAGES, declared_lines, text_of
from symrelu.paper.material import Request
from symrelu.paper.notation import Notation

Known = Callable[[str], symrelu.Family]
Evaluate = Callable[[str, list[str]], list[mpmath.mpf]]
PLACE = 12  # the formulas are compared at d = 12
REQUEST = Request(order=4, spectrum_order=1)
MATHEMATICA = """
import sys
from mathics.core.load_builtin import import_and_load_builtins
import_and_load_builtins()
from mathics.session import MathicsSession
session = MathicsSession()
for line in open(sys.argv[1]):
    session.evaluate(line)
for wanted in sys.argv[2:]:
    print("=", session.evaluate_as_in_cli(f"N[{wanted}, 30] // InputForm").result)
"""
# Sage has no other way to read its language; what it reads is our own text, in a process of its own
SAGE = """
import sys
from sage.all__sagemath_symbolics import *
from sage.repl.preparse import preparse, preparse_file
exec(preparse_file(open(sys.argv[1]).read()))
for wanted in sys.argv[2:]:
    print("=", RealField(120)(eval(preparse(wanted))))
"""


def run(words: list[str], given: str = "") -> str:
    done = subprocess.run(
        words, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout


def python_with(module: str, variable: str, install: str) -> str:
    """A Python that has the module; skips the test if there is none."""
    python = os.environ.get(variable, sys.executable)
    if subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode:
        pytest.skip(f"{module} is not installed ({install}), so the text is not evaluated")
    return python


@pytest.fixture
def mathematica(tmp_path: Path) -> Evaluate:
    python = python_with("mathics.session", "SYMRELU_MATHICS", "pip install Mathics3")

    def evaluate(text: str, wanted: list[str]) -> list[mpmath.mpf]:
        (tmp_path / "text.m").write_text(text)
        out = run([python, "-c", MATHEMATICA, str(tmp_path / "text.m"), *wanted])
        plain = re.sub(r"`[\d.]*", "", out).replace("*^", "e")
        return [mpmath.mpf(x) for x in re.findall(r"^= (\S+)$", plain, re.MULTILINE)]

    return evaluate


@pytest.fixture
def sage(tmp_path: Path) -> Evaluate:
    python = python_with("sage.repl.preparse", "SYMRELU_SAGE", "pip install passagemath-symbolics passagemath-repl")

    def evaluate(text: str, wanted: list[str]) -> list[mpmath.mpf]:
        (tmp_path / "text.sage").write_text(text)
        out = run([python, "-c", SAGE, str(tmp_path / "text.sage"), *wanted])
        return [mpmath.mpf(x) for x in re.findall(r"^= (\S+)$", out, re.MULTILINE)]

    return evaluate


@pytest.fixture
def maple() -> Evaluate:
    if shutil.which("giac") is None:
        pytest.skip("giac is not installed (Debian: apt install xcas), so the text is not evaluated")

    def evaluate(text: str, wanted: list[str]) -> list[mpmath.mpf]:
        lines = [f'print("= "+string(evalf({x}, 30))):' for x in wanted]
        given = "\n".join(["maple_mode(1):", text, *lines, ""])
        out = run(["giac"], given.replace("eigenvalues", "found").replace("_Z", "z"))  # names that Giac has, not Maple
        return [mpmath.mpf(x) for x in re.findall(r'"?= ([-+.\deE]+)"?', out)]

    return evaluate


def ours(x: Series) -> mpmath.mpf:
    """The known part of a series at d = PLACE."""
    t = mpmath.mpf(PLACE) ** (-mpmath.mpf(1) / x.ramification)
    return x.exact().evaluate(t, lambda c: mpmath.mpf(x.field.ball(c, 200).mid().str(50, radius=False)))


def check(language: str, evaluate: Evaluate, known: Known) -> None:
    """Entries, loss, multiplicity and one eigenvalue of case 4, with its square roots of 3."""
    family = known("4")
    series, spectrum = family.series(REQUEST.order), family.spectrum(REQUEST.spectrum_order)
    left, right = ("[[", "]]") if language == "mathematica" else ("[", "]")
    at = "[{}]" if language == "mathematica" else "({})"
    first = 0 if language == "sage" else 1
    row = next(i for i, e in enumerate(spectrum.eigenvalues) if e.component.name == "s2" and not e.is_zero)
    picked = "eigenvalues" + at.format(PLACE) + f"{left}{row + first}{right}{left}{3 + first}{right}"
    names = [name.replace("_", "") + at.format(PLACE) for name in [*series.entries, "loss", "multiplicity"]]
    with mpmath.workdps(35):
        found = evaluate(text_of([family], language, REQUEST, Notation()), [*names, picked])
        assert series.multiplicity is not None
        expected = [*map(ours, [*series.entries.values(), series.loss])]
        expected += [mpmath.mpf(int(series.multiplicity.at(PLACE))), ours(spectrum.eigenvalues[row].series)]
        assert len(found) == len(expected)
        for name, x, y in zip([*names, picked], found, expected, strict=True):
            assert mpmath.almosteq(x, y, rel_eps=mpmath.mpf(10) ** -25), name


@pytest.mark.slow
def test_mathics_finds_our_numbers(mathematica: Evaluate, known: Known) -> None:
    check("mathematica", mathematica, known)


@pytest.mark.slow
def test_giac_finds_our_numbers(maple: Evaluate, known: Known) -> None:
    check("maple", maple, known)


@pytest.mark.slow
def test_sage_finds_our_numbers(sage: Evaluate, known: Known) -> None:
    check("sage", sage, known)


POLYNOMIAL = {
    "mathematica": r"Root\[\{\((.*)\)&, (.*)\}\]",
    "maple": r"RootOf\((.*), (.*)\)",
    "sage": r'RealField\(140\)\("(?P<near>.*)"\)  # .* root of (?P<poly>.*)',
}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_roots_of_polynomials_are_where_they_are_said_to_be(language: str, request: pytest.FixtureRequest) -> None:
    """Neither Mathics nor Giac knows the root of a polynomial near a number, so the polynomial is evaluated there."""
    field = AlgebraicField(QPI, [-QPI.pi, QPI(-1), QPI.zero, QPI.one], 0)
    _, lines = declared_lines([field], LANGUAGES[language], "theta")
    match = re.search(POLYNOMIAL[language], lines[0])
    assert match is not None
    poly, near = match.groupdict().get("poly", match[1]), match.groupdict().get("near", match[2])
    function = {"mathematica": f"(({poly})&)[{near}]", "maple": f"(_Z -> {poly})({near})", "sage": poly}[language]
    before = [f"x = RealField(140)('{near}')"] if language == "sage" else []
    (value,) = request.getfixturevalue(language)("\n".join(before), [function])
    assert abs(value) < mpmath.mpf(10) ** (-30 if language == "sage" else -15)
