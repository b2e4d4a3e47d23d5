"""What commands print on a terminal: Unicode formulas folded to its width, colours; and plain ASCII everywhere else."""

import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from symrelu.cli import main
from symrelu.render.terminal import coloured, folded, formula, pretty, symbol

pty = pytest.importorskip("pty")
Shown = Callable[..., str]

ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\r\x1b\[K")
FOUND = """\
confirmed  theorem1.2a.entries.a_5      a_5 = -1 + (8/pi**2 + 2 + 8/pi)/d + O(d**(-3/2))
refuted    theorem1.4.display           the lower right block of W is A_2(a_5, a_6)
             found: A_3(a_5, a_6): the block has 3 rows and 3 columns
open       main.appendix-terms          the appendix lists the terms to O(d**(-5/2))

3 claims: 1 confirmed, 1 refuted, 1 open, 0 undecided"""


@pytest.fixture
def on_terminal() -> Shown:
    """A function that runs a command on a pseudo terminal of a given width and gives what appears there."""

    def run(*arguments: str, width: int = 80, **variables: str) -> str:
        import fcntl
        import termios

        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "TERM", "LC_ALL")}
        environment |= {"TERM": "xterm", "LANG": "C.UTF-8", "PYTHONUTF8": "1"} | variables
        command = [sys.executable, "-m", "symrelu", *arguments]
        process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
        os.close(follower)
        shown = b""
        while True:
            try:
                part = os.read(leader, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        os.close(leader)
        assert process.wait(timeout=60) == 0
        return shown.decode("utf-8").replace("\r\n", "\n")

    return run


def lines_of(shown: str) -> list[str]:
    """The lines of an answer, without the line of progress and without colours."""
    return ESCAPES.sub("", shown.rpartition("\r\x1b[K")[2]).splitlines()


# formulas -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 + O(t**4)", "1 + O(d⁻²)"),
        ("4/pi*t**2 + 32/pi**3*t**3", "4/π·d⁻¹ + 32/π³·d⁻³⁄²"),
        ("-1 + (2 + 8/pi)*t**2", "−1 + (2 + 8/π)d⁻¹"),
        ("1/4*t**(-2) + 1/2", "¼d + ½"),
        ("-8*sqrt(2)/(pi - 2)", "−8√2/(π − 2)"),
        ("sqrt(pi + 2)*t", "√(π + 2)d⁻¹⁄²"),
        ("-320/(3*pi**3*(pi - 2))", "−320/(3π³(π − 2))"),
        ("d*(d - 1)*factorial(d)/2", "d(d − 1)d!/2"),
        ("2*factorial(d - 2)", "2(d − 2)!"),
        ("1 - (2 - t)", "1 − (2 − d⁻¹⁄²)"),
        ("a_1*d**(-3/2)", "a₁d⁻³⁄²"),
        ("3*(1/2)", "3·½"),
        ("2*3**4*pi", "2·3⁴π"),
        ("(1 + t)**2/(2*d)", "(1 + d⁻¹⁄²)²/(2d)"),
        ("a_1*sin(beta_1_1o)/(2*pi*nu_1)", "a₁sin(β₁,₁ₒ)/(2π·ν₁)"),
    ],
)
def test_formulas(text: str, shown: str) -> None:
    assert formula(text, 2) == shown


def test_t_is_d_only_where_the_text_says_so() -> None:
    assert formula("2*t**3") == "2t³"
    assert formula("2*t**3", 4) == "2d⁻³⁄⁴"
    assert pretty("t = d**(-1/4); exact\n\na_1 = t", 80).splitlines()[2] == "a₁ = d⁻¹⁄⁴"
    assert pretty("a_1 = t**2 + t", 80) == "a₁ = t² + t"


@pytest.mark.parametrize(
    "text", ["0", "17", "0.25", "-0.5", "1.5e-10", "minimum", "(exactly)", "s1*s2", "x1", "--blocks d-4,4", "a b"]
)
def test_what_is_no_formula_stays(text: str) -> None:
    assert formula(text, 2) is None
    assert pretty(text, 80) == text


def test_names() -> None:
    assert [symbol(x) for x in ("a_12", "beta_1_2", "loss", "nu_1", "not_a_name")] == [
        "a₁₂",
        "β₁,₂",
        "loss",
        "ν₁",
        "not_a_name",
    ]


def test_equations_are_aligned_on_their_signs() -> None:
    shown = pretty("a_1  = 1\na_10 = pi\nloss = 1/2", 80).splitlines()
    assert shown == ["a₁   = 1", "a₁₀  = π", "loss = ½"]


def test_folding_keeps_terms_together() -> None:
    shown = folded("a = ", "1 + 2d⁻¹ − (3 + 4)d⁻² + O(d⁻³)", 22)
    assert shown == ["a = 1 + 2d⁻¹", "    − (3 + 4)d⁻²", "    + O(d⁻³)"]


def test_columns_are_aligned_again_and_words_give_way() -> None:
    table = "component  branch  value\nt          1       1/2 - 1/pi + O(t)\ns1*s2      12      sqrt(2)/4"
    shown = pretty(table, 80).splitlines()
    assert shown == ["component  branch  value", "t          1       ½ − 1/π + O(t)", "s1*s2      12      √2/4"]
    narrow = pretty("d                       component  of what\n5.5855052474258800069   s1         " + "word " * 9, 48)
    assert "5.5855052474258800069" in narrow and "compon…" in narrow
    assert all(len(line) <= 48 for line in narrow.splitlines())


def test_a_heading_right_above_a_table_is_no_row() -> None:
    shown = pretty("1/4 - 1/pi   multiplicity d - 1: part at t\n  1a  0       x1.1\n  1b  -2/pi   x1.2\n", 80)
    assert shown.splitlines()[1:] == ["  1a  0     x1.1", "  1b  −2/π  x1.2"]


def test_a_table_far_too_wide_is_shown_row_by_row() -> None:
    table = "family  count  share    interval (95%)  isotropy\n2a      17     8.5%     5.0 - 13.3%     Delta(S_9 x S_1)"
    assert pretty(table, 80).splitlines()[1].split()[:3] == ["2a", "17", "8.5%"]
    assert pretty(table, 40).splitlines() == [
        "family          2a",
        "count           17",
        "share           8.5%",
        "interval (95%)  5.0 - 13.3%",
        "isotropy        Δ(S₉ × S₁)",
    ]


def test_verdicts_have_colours() -> None:
    shown = coloured(pretty(FOUND, 100))
    assert "\x1b[32mconfirmed\x1b[0m" in shown and "\x1b[31mrefuted\x1b[0m" in shown and "\x1b[2mopen\x1b[0m" in shown
    assert shown.count("\x1b[0m") == 3
    assert "a₅ = −1 + (8/π² + 2 + 8/π)/d + O(d⁻³⁄²)" in shown and "O(d⁻⁵⁄²)" in shown
    assert "theorem1.2a.entries.a_5" in shown, "ids stay as they are"


# terminals ------------------------------------------------------------------------------------------------------------

SERIES = ("series", "3a", "--order", "3")


@pytest.mark.parametrize("width", [60, 120])
def test_series_fit_the_terminal(width: int, on_terminal: Shown) -> None:
    lines = lines_of(on_terminal(*SERIES, width=width))
    assert max(map(len, lines)) <= width
    assert max(map(len, lines)) > width - 25, "the width is used"
    entries = [line for line in lines if re.match(r"a. +=|loss =", line)]
    assert len(entries) == 7 and {line.index("=") for line in entries} == {5}
    text = " ".join(" ".join(lines).split())
    assert "a₄ = 4/π·d⁻¹ + 32/π³·d⁻³⁄² + O(d⁻²)" in text and "multiplicity d(d − 1)d!/2" in text
    assert "16(π⁴ + 4π³ − 24π² + 24π + 64)/(π⁴(π + 2)²)·d⁻³⁄²" in text


def test_tables_fit_the_terminal(on_terminal: Shown) -> None:
    lines = lines_of(on_terminal("spectrum", "1b", "--order", "1", width=60))
    assert max(map(len, lines)) <= 60
    head = next(line for line in lines if line.startswith("component"))
    rows = [line for line in lines if re.match(r"(t|s1|x1|y1) +\d", line)]
    assert len(rows) == 9
    assert all(line[head.index("eigenvalue") - 1] == " " != line[head.index("eigenvalue")] for line in rows)


def piped(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0
    return result.stdout


def test_pipes_get_plain_text(on_terminal: Shown) -> None:
    plain = piped(*SERIES)
    assert plain.isascii() and "a_4  = 4/pi*t**2 + 32/pi**3*t**3 + O(t**4)\n" in plain
    assert piped(*SERIES, "--format", "text") == plain
    shown = on_terminal(*SERIES, "--format", "text", width=60).rpartition("\r\x1b[K")[2]
    assert shown == plain, "--format text is the same on a terminal"


def test_pretty_into_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    shown = piped(*SERIES, "--format", "pretty")
    assert "d⁻³⁄²" in shown and "\x1b" not in shown and max(map(len, shown.splitlines())) <= 70


@pytest.mark.slow
def test_an_encoding_without_the_signs_gets_ascii(on_terminal: Shown) -> None:
    shown = on_terminal(*SERIES, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert shown.rpartition("\r\x1b[K")[2] == piped(*SERIES)


def test_json_is_json_on_a_terminal(on_terminal: Shown) -> None:
    import json

    shown = on_terminal("series", "1b", "--order", "2", "--format", "json")
    assert json.loads(shown.rpartition("\r\x1b[K")[2])["order"] == 2


@pytest.fixture
def verdicts_shown(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """A function that shows verdicts as on a terminal."""
    import io

    import click

    from symrelu.cli import terminal

    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    def run() -> str:
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        with click.Context(click.Command("verify")) as context:
            context.meta[terminal.STYLE] = "auto"
            terminal.print_text(FOUND)
        return screen.getvalue()

    return run


@pytest.mark.parametrize(
    ("variables", "colours"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": "", "TERM": "xterm"}, True),
    ],
)
def test_no_color_and_dumb_terminals(
    variables: dict[str, str], colours: bool, verdicts_shown: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    shown = verdicts_shown()
    assert ("\x1b[31mrefuted" in shown) == colours == ("\x1b" in shown)
    assert "O(d⁻⁵⁄²)" in shown, "Unicode is no question of colour"


# what was ugly --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("exact over QQ(pi)(sqrt(-pi**2 + 4))", "exact over ℚ(π)(√(-π² + 4))"),
        ("  |a_1 - (terms through t**6)| <= 22.9 t**7", "  |a₁ - (terms through t⁶)| ≤ 22.9 t⁷"),
        ("kappa(w, v) = s*v*w for 2*s/(s**2 + 1) < 0", "κ(w, v) = s·v·w for 2s/(s² + 1) < 0"),
        ("multiplicity  factorial(d)*2**d", "multiplicity  d!·2ᵈ"),
        ("tested to 2**-512, not proved", "tested to 2⁻⁵¹², not proved"),
        ("1/4*t**(-2) + 1/2   multiplicity d - 1: part at t**1", "¼d + ½   multiplicity d − 1: part at d⁻¹⁄²"),
        ("try --limit a_1=1,a_5=-1 --alpha-signs +,-", "try --limit a_1=1,a_5=-1 --alpha-signs +,-"),
        ("of the blocks: t 0/2, s1*s2 0/2", "of the blocks: t 0/2, s1*s2 0/2"),
    ],
)
def test_mathematics_in_words(text: str, shown: str) -> None:
    assert pretty(text, 100, 2) == shown


def test_what_begins_further_left_is_another_table() -> None:
    text = (
        "      d     negative  a_7 - a_4\n"
        "      5.49            -0.02709   of 2b\n"
        "  Delta(S_{d-3} x S_2)  (blocks d-3,2): fold"
    )
    assert pretty(text, 80).splitlines() == [
        "      d     negative  a₇ − a₄",
        "      5.49            -0.02709  of 2b",
        "  Δ(S_{d-3} × S₂)  (blocks d-3,2): fold",
    ]


def test_differences_of_two_families_are_in_powers_of_d(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = piped("compare", "1a", "1b", "--order", "1", "--format", "pretty").splitlines()
    assert "  second - first  ½ − 1/π − 4/(3π)·d⁻¹⁄² + O(d⁻¹)" in lines
    assert not any("t**" in line or "t²" in line for line in lines)
    marked = [line for line in lines if line.startswith("  *  ")]
    assert marked and all(line[5] != " " for line in marked)
    assert any(line.startswith("     d ") for line in lines), "unmarked rows have their columns below the others'"
