"""Wrong input: exit status 2 and one line that says what to try; never a traceback, and nothing typed is evaluated."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from symrelu.cli import main

Run = Callable[..., Result]
Shell = Callable[..., tuple[int, str, str]]
Refusal = Callable[[int, str, str], str]

SIZES = "try d-4, d/2"
BLOCK = "try d-4,4"
SIGNS = "such as +,-"
NAMES = "1a, 1b, 2a, 2b, 3a, 3b, 4"
SEVERAL = "choose one with --branch K"


def of(blocks: str, limit: str) -> tuple[str, ...]:
    return ("series", "--blocks", blocks, "--limit", limit)


BAD = {
    # blocks
    "a size that is a square": (of("d**2,1", "+,-"), SIZES),
    "a size that is a product": (of("d*d,1", "+,-"), SIZES),
    "a size that is a reciprocal": (of("1/d,d", "+,-"), SIZES),
    "a size with a root": (of("sqrt(d),1", "+,-"), SIZES),
    "a size in another letter": (of("n-1,1", "+,-"), SIZES),
    "a size without end": (of("d-,1", "+,-"), SIZES),
    "a size that divides by zero": (of("d/0,1", "+,-"), SIZES),
    "an empty size": (of("d-1,,1", "+,-"), SIZES),
    "sizes that sum to less": (of("d-4,3", "+,-"), "for example blocks d-1,1"),
    "sizes that sum to more": (of("d,1", "+,-"), "for example blocks d-1,1"),
    "a constant alone": (of("5", "+"), "for example blocks d-1,1"),
    "a block of 0": (of("d,0", "+,-"), BLOCK),
    "a negative block": (of("d+1,-1", "+,-"), BLOCK),
    "a block that shrinks": (of("4-d,d-4,d", "+,-,+"), BLOCK),
    "half a row": (of("d-1/2,1/2", "+,-"), BLOCK),
    "a decimal block": (of("d-1.5,1.5", "+,-"), BLOCK),
    # several families
    "halves": (of("d/2,d/2", "+,-"), SEVERAL),
    "halves to compare": (("compare", "2a", "d/2,d/2:+,-"), SEVERAL),
    "a branch too many": ((*of("d/2,d/2", "+,-"), "--branch", "4"), "give a branch from 1 to 3"),
    # settings
    "an unknown kernel": (("series", "1b", "--kernel", "swish"), "relu"),
    "a kernel with a float": (("series", "1b", "--kernel", "leaky:x/y"), "leaky"),
    "an empty kernel of a sweep": (("sweep", "--kernel", "", "-o", "x.jsonl"), "leave the option out"),
    "an unknown target": (("series", "1b", "--target", "there.json"), "there.json"),
    "signs that are none": (("series", "1b", "--alpha-signs", "x"), "+ or -"),
    "too many signs": (("series", "1b", "--alpha-signs", "+,-,+"), "one for each row orbit"),
    "a beta of words": (("series", "1b", "--beta", "one"), "beta"),
    "an empty kernel": (("series", "1b", "--kernel", ""), "it is empty; leave the option out"),
    "an empty target": (("series", "1b", "--target", ""), "it is empty; leave the option out"),
    "an empty beta": (("series", "1b", "--beta", " "), "it is empty; leave the option out"),
    "empty signs": (("series", "1b", "--alpha-signs", ""), "it is empty; leave the option out"),
    "empty blocks": (("families", "--blocks", ""), "it is empty; leave the option out"),
    "effort without blocks": (("families", "--effort", "2"), "give --blocks d-4,4 too"),
    "a seed without blocks": (("families", "--seed", "2"), "give --blocks d-4,4 too"),
    # limits
    "a sign too few": (of("d-4,4", "+"), SIGNS),
    "a sign too many": (of("d-4,4", "+,-,+"), SIGNS),
    "signs without a comma": (of("d-4,4", "+-"), SIGNS),
    "an empty limit": (of("d-4,4", ""), SIGNS),
    "a letter for a sign": (of("d-4,4", "+,x"), SIGNS),
    "a limit of 2": (of("d", "a_1=2"), "no family a = limit + O(1/d) of type Delta S_d with limit a_1=2 exists"),
    "a limit of 2 in two blocks": (of("d-4,4", "a_1=2,a_5=1"), "with limit a_1=2,a_5=1 exists"),
    "a coordinate that is not there": (of("d-4,4", "a_1=1,a_9=3"), "a_1 .. a_6"),
    "the coordinate a_0": (of("d-4,4", "a_0=1"), "a_1 .. a_6"),
    "a transcendental limit": (of("d-4,4", "a_1=pi"), "give an integer, a decimal such as 7.25"),
    "a limit over zero": (of("d-4,4", "a_1=1/0"), "give an integer"),
    "infinity": (of("d-4,4", "a_1=inf"), "give an integer"),
    "not a number": (of("d-4,4", "a_1=nan"), "give an integer"),
    "a coordinate without value": (of("d-4,4", "a_1="), SIGNS),
    "a coordinate twice": (of("d-1,1", "a_1=1,a_5=-1,a_5=1"), "a_5"),
    "a limit that no float holds": (of("d-4,4", "a_1=1e999"), "larger than 1000000"),
    "a limit without blocks": (("families", "--limit", "+,-"), "give --blocks d-4,4 too"),
    # orders
    "order -1": (("series", "2a", "--order", "-1"), "between 0 and 200"),
    "order 201": (("series", "2a", "--order", "201"), "between 0 and 200"),
    "order a million": (("series", "2a", "--order", "1000000"), "between 0 and 200"),
    "an order of 60 digits": (("series", "2a", "--order", "9" * 60), "between 0 and 200"),
    "order two": (("series", "2a", "--order", "two"), "try: symrelu series --help"),
    "order 2.5": (("series", "2a", "--order", "2.5"), "try: symrelu series --help"),
    "no order": (("series", "2a", "--order"), "'--order' requires an argument"),
    "order -3 to compare": (("compare", "1a", "1b", "--order", "-3"), "between 0 and 200"),
    "order -9 of a spectrum": (("spectrum", "2a", "--order", "-9"), "between -2 (terms in d) and 60"),
    "order -9 in a paper": (("paper", "2a", "-o", "x.tex", "--spectrum-order", "-9"), "between -2 (terms in d) and 60"),
    # experiments
    "no run": (("freeprob", "experiment", "h1", "--runs", "0"), "give a whole number from 1 on"),
    "a negative seed": (("freeprob", "experiment", "h1", "--seed", "-1"), "give a whole number from 0 on"),
    "no unit": (("freeprob", "experiment", "h0", "--n", "0"), "give a whole number from 1 on"),
    # families
    "no family": (("series",), NAMES),
    "an unknown family": (("series", "9z"), NAMES),
    "a name in capitals": (("series", "2A"), NAMES),
    "blocks without an option": (("series", "d-4,4"), "--blocks d-4,4 --limit +,-"),
    "name and blocks": (("series", "2a", "--blocks", "d-4,4", "--limit", "+,-"), "give either a name such as 2a"),
    "name and limit": (("series", "2a", "--limit", "+,-"), "give either a name such as 2a"),
    "short form and blocks": (("series", "d-4,4:+,-", "--blocks", "d-4,4", "--limit", "+,-"), "give either a name"),
    "short form and limit": (("series", "d-4,4:+,-", "--limit", "+,-"), "give either"),
    "branch 2": (("series", "2a", "--branch", "2"), "there is one family of that name"),
    "branch 0": (("series", "2a", "--branch", "0"), "numbered from 1"),
    "two names": (("series", "2a", "3a"), "try: symrelu series --help"),
    "one family to compare": (("compare", "1a"), "try: symrelu compare --help"),
    "an unknown family to compare": (("compare", "1a", "9z"), NAMES),
    # expressions
    "no type": (("expression",), "such as 2a, or --blocks d-4,4"),
    "name and blocks for an expression": (("expression", "2a", "--blocks", "d-1,1"), "give either a name such as 2a"),
    "name and rows for an expression": (("expression", "2a", "--rows", "1"), "give either a name such as 2a"),
    "a limit of an expression in one word": (("expression", "d-1,1:garbage"), SIGNS),
    "no limit after the colon": (("expression", "d-1,1:"), SIGNS),
    "a limit of an expression": (("expression", "--blocks", "d-1,1", "--limit", "a_9=1"), "a_1 .. a_5"),
    "name and limit for an expression": (("expression", "2a", "--limit", "+,-"), "give either a name such as 2a"),
    "a word and rows for an expression": (("expression", "d:+", "--rows", "1,*"), "give either blocks:limit alone"),
    "branch 0 of an expression": (("expression", "2a", "--branch", "0"), "leave --branch out"),
    "a row orbit that is not there": (("expression", "--blocks", "d-1,1", "--rows", "1,3"), "write * for a fixed row"),
    "a row orbit that is no number": (("expression", "--blocks", "d-1,1", "--rows", "1,x"), "try 1,2,*"),
    "columns that do not sum to d": (("expression", "--blocks", "d-1,1", "--cols", "1,1"), "d-1,1"),
    "an unknown expression": (("expression", "2a", "--what", "colour"), "try: symrelu expression --help"),
    # commands
    "three layers in expressions": (("expression", "1b", "--what", "hessian", "--layers", "3"), "2 trains both"),
    "layers of a gradient": (("expression", "1b", "--layers", "1"), "leave it out"),
    "an unknown claims group": (("verify", "theorem99"), "the groups are theorem1"),
    "two groups": (("verify", "theorem1", "all"), "try: symrelu verify --help"),
    "an unknown command": (("frobnicate",), "try: symrelu --help"),
    "an unknown option": (("series", "2a", "--frobnicate"), "try: symrelu series --help"),
    "an unknown option of the whole": (("--frobnicate",), "try: symrelu --help"),
    "an unknown format": (("series", "2a", "--format", "xml"), "'text', 'json', 'latex'"),
    "LaTeX of a list": (("families", "--format", "latex"), "'text', 'json'"),
    "LaTeX of verdicts": (("verify", "theorem1", "--format", "latex"), "'text', 'json'"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input(what: str, run: Run, refusal: Refusal) -> None:
    arguments, advice = BAD[what]
    result = run(*arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    line = refusal(result.exit_code, result.stdout, result.stderr)
    assert advice in line


@pytest.mark.parametrize(
    "words",
    [
        ("series", "1b", "--target", "HUGE"),
        ("lattice", "--d", "2", "--families", "HUGE"),
        ("paper", "2a", "--notation", "HUGE", "-o", "out.tex"),
        ("check", "HUGE"),
    ],
)
@pytest.mark.parametrize("content", ['{"d": ' + "9" * 5000 + "}", "[" * 100_000, "hello"])
def test_files_that_are_no_json_of_ours(
    words: tuple[str, ...], content: str, run: Run, refusal: Refusal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.json").write_text(content, encoding="ascii")
    result = run(*("file.json" if word == "HUGE" else word for word in words))
    assert "file.json" in refusal(result.exit_code, result.stdout, result.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["file.json"]


@pytest.mark.parametrize("command", sorted(main.commands))
@pytest.mark.parametrize("words", [("--frobnicate",), ("--format", "xml"), ("one", "two", "three", "four")])
def test_every_command_refuses_what_it_does_not_know(
    command: str, words: tuple[str, ...], run: Run, refusal: Refusal
) -> None:
    result = run(command, *words)
    # compare takes any number of families: there it is the first word that is wrong, not their number
    advice = NAMES if (command, words[0]) == ("compare", "one") else f"symrelu {command} --help"
    assert advice in refusal(result.exit_code, result.stdout, result.stderr)


def test_no_command_at_all(run: Run) -> None:
    # either the help, as help looks, or one line; not the help in one line
    result = run()
    assert result.exit_code in (0, 2)
    if result.stdout:
        assert "Commands:\n" in result.stdout and result.stderr == ""
    else:
        assert result.stderr.count("\n") == 1 and len(result.stderr) < 450
        assert "symrelu --help" in result.stderr


@pytest.mark.slow
def test_a_limit_over_which_no_family_lies_is_searched(run: Run, refusal: Refusal) -> None:
    result = run(*of("d", "a_1=0"))
    line = refusal(result.exit_code, result.stdout, result.stderr)
    assert "with limit was found" not in line
    assert "starts of Newton's method" in line, "what was tried is said"
    # c_1_2 is an undetermined coefficient of the leading-order equations: no user has met it
    assert "c_1_2" not in line


@pytest.mark.parametrize("bad", ["+,*", "x,+", "+,-x"])
def test_the_part_of_a_limit_that_cannot_be_read_is_named(bad: str, run: Run, refusal: Refusal) -> None:
    result = run(*of("d-4,4", bad))
    wrong = next(part for part in bad.split(",") if part not in "+-")
    assert f"cannot read {wrong!r}" in refusal(result.exit_code, result.stdout, result.stderr)


# what a shell can send ------------------------------------------------------------------------------------------------


INJECTIONS = ["__import__('os').system('touch evaluated')", "open('evaluated','w')"]


@pytest.mark.parametrize("code", INJECTIONS)
@pytest.mark.parametrize(
    "words",
    [
        ("series", "{}"),
        ("series", "{}:+,-"),
        ("series", "--blocks", "{}", "--limit", "+"),
        ("series", "--blocks", "d-4,4", "--limit", "{}"),
        ("series", "--blocks", "d-4,4", "--limit", "a_1={}"),
        ("expression", "--blocks", "d-1,1", "--rows", "{}"),
        ("expression", "{}"),
        ("compare", "1a", "{}"),
        ("families", "--blocks", "d-1,1", "--limit", "{}"),
        ("verify", "{}"),
        ("series", "2a", "--order", "{}"),
        ("{}",),
    ],
)
def test_code_is_not_evaluated(
    words: tuple[str, ...], code: str, run: Run, refusal: Refusal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*(word.replace("{}", code) for word in words))
    refusal(result.exit_code, result.stdout, result.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["(" * 5000, "(" * 5000 + "d" + ")" * 5000, "-" * 5000 + "d", "9" * 5000, "d+" * 2500])
@pytest.mark.parametrize(
    "words",
    [
        ("series", "{}"),
        ("series", "--blocks", "{}", "--limit", "+"),
        ("series", "--blocks", "d-1,{}", "--limit", "+,-"),
        ("series", "--blocks", "d-4,4", "--limit", "{}"),
        ("series", "--blocks", "d-4,4", "--limit", "a_1={}"),
        ("expression", "--blocks", "{}"),
        ("expression", "--blocks", "d-1,1", "--rows", "{}"),
        ("verify", "{}"),
    ],
)
def test_enormous_words_are_refused_in_a_short_line(
    words: tuple[str, ...], text: str, run: Run, refusal: Refusal
) -> None:
    result = run(*(word.replace("{}", text) for word in words))
    refusal(result.exit_code, result.stdout, result.stderr)


def test_honest_parentheses_are_read(run: Run) -> None:
    assert run("series", "--blocks", "((((d))))", "--limit", "+").exit_code == 0
    assert run("expression", "--blocks", "(d-1), (2-1)").exit_code == 0


@pytest.mark.parametrize("name", ["2a\n3a", "\x1b[31m2a", "2a\t", "\N{SUPERSCRIPT TWO}a"])
def test_control_characters_do_not_reach_the_terminal(name: str, run: Run, refusal: Refusal) -> None:
    result = run("series", name)
    line = refusal(result.exit_code, result.stdout, result.stderr)
    assert line.rstrip("\n").isprintable()


# outside this process, where a hang can be ended ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "seconds"),
    [
        pytest.param(of("d-4,4", "a_1=1e999999"), 20, id="a limit of a million digits"),
        pytest.param(of("d-4,4", "a_1=1e-999999"), 20, id="a million decimals", marks=pytest.mark.slow),
        pytest.param(of(f"d-{'9' * 30},{'9' * 30}", "+,-"), 20, id="a block of 10^30 rows"),
    ],
)
def test_refused_in_a_process(arguments: tuple[str, ...], seconds: float, shell: Shell, refusal: Refusal) -> None:
    refusal(*shell(*arguments, seconds=seconds))


@pytest.mark.slow
@pytest.mark.parametrize("m", [1000, 2000])
def test_large_blocks_are_computed_or_refused(m: int, shell: Shell, refusal: Refusal) -> None:
    status, out, err = shell(*of(f"d-{m},{m}", "+,-"), "--order", "2", seconds=120)
    if status == 0:
        assert "a_4  = 4/pi*t**2 + O(t**3)" in out and err == ""
    else:
        refusal(status, out, err)
