"""Figures: the data behind them against other ways to the same numbers, and the files that the command writes."""

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import pi
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import symrelu
from symrelu import files
from symrelu.cli import main
from symrelu.reference.hessian import hessian
from symrelu.reference.isotropy import isotropy_order
from symrelu.reference.newton import critical_point
from symrelu.render.figures import SpectrumFigure, patterns, spectrum_figure, write, write_figure
from symrelu.render.figures import data as numbers
from symrelu.symmetry.isotypic import components
from tests.shared import family_of

slow = pytest.mark.slow
drawn = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib: pip install 'symrelu[plot]'"
)

FIRST_BYTES = {"pdf": b"%PDF-", "svg": b"<?xml", "png": b"\x89PNG"}
COARSE = [Fraction(d) for d in (20, 10, 6, 5)]


@pytest.fixture(scope="session")
def data() -> Callable[[str], SpectrumFigure]:
    """What Figure 1 shows of a family, on a grid of four integers; computed once a session."""

    @cache
    def computed(name: str) -> SpectrumFigure:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(numbers, "_grid", lambda smallest, largest: COARSE)
            return spectrum_figure(family_of(name))

    return computed


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, data: Callable[[str], SpectrumFigure]) -> None:
    """Commands draw the coarse data."""
    monkeypatch.setattr(write, "spectrum_figure", lambda family, progress=None: data(family.name))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["figure", *arguments], prog_name="symrelu")


def dense_eigenvalues(m: int, limit: str, d: int) -> np.ndarray:
    identity, ones = np.eye(d), np.ones(d)
    return np.linalg.eigvalsh(hessian(critical_point(m, limit, d), ones, identity, ones))


@cache
def dimensions(name: str, d: int) -> dict[str, int]:
    """The dimension of each isotypic component."""
    isotropy = symrelu.family(name).key.isotropy
    return {component.name: component.dimension(isotropy).at(d) for component in components(isotropy)}


def with_multiplicities(figure: SpectrumFigure, name: str, d: int) -> Iterator[float]:
    """The values of the curves at an integer d, each as often as its component's dimension says."""
    for curve in figure.curves:
        if d in curve.d:
            yield from [curve.values[curve.d.index(d)]] * dimensions(name, d)[curve.component]


# -- the data of Figure 1 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "m", "limit"), [("1b", 0, "-"), ("2a", 1, "+-"), pytest.param("3a", 2, "+-", marks=slow)]
)
@pytest.mark.parametrize("d", [5, 6, 10])
def test_curves_are_the_eigenvalues_of_the_dense_hessian(
    data: Callable[[str], SpectrumFigure], name: str, m: int, limit: str, d: int
) -> None:
    found = sorted([*with_multiplicities(data(name), name, d), *[0.0] * d])  # and the d rescaling zeros
    dense = dense_eigenvalues(m, limit, d)
    assert len(found) == d * (d + 1)
    assert np.max(np.abs(np.array(found) - dense)) < 1e-9


def test_two_curves_of_the_global_minimum_are_constant(data: Callable[[str], SpectrumFigure]) -> None:
    found = {curve.component: curve.values for curve in data("1a").curves if curve.component in ("x1", "y1")}
    assert np.allclose(found["x1"], 1 / 4 - 1 / (2 * pi), rtol=0, atol=1e-12)
    assert np.allclose(found["y1"], 1 / 4 + 1 / (2 * pi), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["1a", "1b", "2a"])
def test_asymptotes_are_the_lines_of_theorem_2(data: Callable[[str], SpectrumFigure], name: str) -> None:
    printed = [
        (0, 1 / 4 - 1 / (2 * pi)),
        (0, 1 / 2 - 1 / pi),
        (0, 1 / 4),
        (0, 1 / 4 + 1 / (2 * pi)),
        (1 / 4, (-4 + pi + pi**2) / (2 * pi * (-4 + pi))),
        (1 / 4, 1 / 2),
        (1 / pi, (-10 * pi + 8 + pi**2) / (2 * pi * (-4 + pi))),
    ]
    found = sorted((a.slope, a.constant) for a in data(name).asymptotes)
    assert np.allclose(found, sorted(printed), rtol=0, atol=1e-13)


def test_exact_terms_as_latex(data: Callable[[str], SpectrumFigure]) -> None:
    texts = {(a.slope_latex, a.constant_latex) for a in data("2a").asymptotes}
    assert {("", r"\frac{1}{4}"), ("", r"\frac{1}{4} - \frac{1}{2 \pi}"), (r"\frac{d}{4}", r"\frac{1}{2}")} <= texts


@pytest.mark.parametrize("name", ["1b", "2a"])
def test_curves_approach_their_asymptotes(data: Callable[[str], SpectrumFigure], name: str) -> None:
    """Every eigenvalue at d = 100 lies within 5/sqrt(d) of one of the lines."""
    found = data(name)
    for stem in found.density:
        if stem.value:
            assert min(abs(a.at(100) - stem.value) for a in found.asymptotes if stem.component in a.components) < 0.5


@pytest.mark.parametrize(("name", "m", "limit"), [("1b", 0, "-"), ("2a", 1, "+-")])
def test_the_sign_changes_where_the_dense_hessian_gains_negative_eigenvalues(
    data: Callable[[str], SpectrumFigure], name: str, m: int, limit: str
) -> None:
    (change,) = data(name).sign_changes
    assert dense_eigenvalues(m, limit, 5)[0] < -1e-3
    assert dense_eigenvalues(m, limit, 6)[0] > -1e-12
    assert 5 < change.d < 6


def test_the_eigenvalue_is_0_at_the_sign_change(data: Callable[[str], SpectrumFigure]) -> None:
    (change,) = data("2a").sign_changes
    with pytest.MonkeyPatch.context() as patch:
        near = [Fraction(20), *(Fraction(change.d) + side for side in (Fraction(1, 10**4), -Fraction(1, 10**4)))]
        patch.setattr(numbers, "_grid", lambda smallest, largest: near)
        again = spectrum_figure(family_of("2a"))
    (curve,) = [c for c in again.curves if (c.component, c.branch) == (change.component, change.branch)]
    assert -1e-5 < curve.values[0] < 0 < curve.values[1] < 1e-5


@pytest.mark.parametrize("name", ["1a", "1b", "2a"])
def test_the_density_counts_every_eigenvalue(data: Callable[[str], SpectrumFigure], name: str) -> None:
    found = data(name)
    d = found.density_d
    assert sum(stem.multiplicity for stem in found.density) == d * (d + 1)
    assert sum(stem.multiplicity for stem in found.density if stem.value == 0.0) == d


@slow
def test_the_density_is_that_of_the_dense_hessian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "DENSITY_D", 20)
    monkeypatch.setattr(numbers, "_grid", lambda smallest, largest: COARSE[:2])
    found = spectrum_figure(family_of("2a"))
    values = sorted(value for stem in found.density for value in [stem.value] * stem.multiplicity)
    assert np.max(np.abs(np.array(values) - dense_eigenvalues(1, "+-", 20))) < 1e-9


def test_the_grid_is_descending_and_has_the_integers() -> None:
    grid = numbers._grid(Fraction(3), Fraction(20))
    assert all(x > y for x, y in pairwise(grid))
    assert set(range(4, 21)) <= set(grid)
    assert 3 < grid[-1] < Fraction(31, 10)
    assert grid[0] == 20


def test_progress_is_told() -> None:
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_grid", lambda smallest, largest: COARSE[:2])
        spectrum_figure(symrelu.family("1a"), told.append)
    assert "eigenvalues at d = 10" in told


@slow
def test_full_curves_are_smooth() -> None:
    """Between neighbouring d no eigenvalue jumps: the path stays on one family."""
    found = spectrum_figure(family_of("2a"))
    assert found.window[0] < 3.1
    for curve in found.curves:
        slopes = np.diff(curve.values) / np.diff(curve.d)
        assert np.max(np.abs(slopes[np.array(curve.d[1:]) > 4])) < 0.5


# -- the data of Figure 2 ----------------------------------------------------------------------------------------------


def test_patterns_are_fixed_by_their_group_and_by_no_larger_one() -> None:
    assert [pattern.title for pattern in patterns()] == [
        r"\Delta S_{5}",
        r"\Delta(S_{4} \times S_{1})",
        r"\Delta(S_{3} \times S_{2})",
    ]
    for pattern, order in zip(patterns(), (120, 24, 12), strict=True):
        assert sum(pattern.blocks) == 5
        assert isotropy_order(pattern.cells) == order


def test_letters_of_the_patterns() -> None:
    counts = [Counter(entry for row in pattern.cells for entry in row) for pattern in patterns()]
    assert counts == [{0: 5, 1: 20}, {0: 4, 1: 12, 2: 4, 3: 4, 4: 1}, {0: 3, 1: 6, 2: 6, 3: 6, 4: 2, 5: 2}]


# -- files -------------------------------------------------------------------------------------------------------------


@drawn
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("ending", FIRST_BYTES)
@pytest.mark.parametrize("name", ["main-1", "main-2"])
def test_files(tmp_path: Path, name: str, ending: str) -> None:
    contents = []
    for n in range(2):
        path = tmp_path / f"{n}.{ending}"
        result = run(name, "-o", str(path))
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
        contents.append(path.read_bytes())
    assert contents[0].startswith(FIRST_BYTES[ending])
    assert contents[0] == contents[1]
    assert sorted(x.name for x in tmp_path.iterdir()) == [f"0.{ending}", f"1.{ending}"]


@drawn
@pytest.mark.usefixtures("quick")
def test_fonts_are_embedded(tmp_path: Path) -> None:
    write_figure("main-1", tmp_path / "out.pdf")
    content = (tmp_path / "out.pdf").read_bytes()
    assert b"/FontFile2" in content
    assert b"/Type3" not in content


@drawn
@pytest.mark.usefixtures("quick")
def test_family_option(tmp_path: Path) -> None:
    write_figure("main-1", tmp_path / "2a.svg")
    assert run("main-1", "--family", "1b", "-o", str(tmp_path / "1b.svg")).exit_code == 0
    assert (tmp_path / "1b.svg").read_bytes() != (tmp_path / "2a.svg").read_bytes()


@drawn
def test_an_existing_file_is_replaced_with_an_ending_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "OUT.PDF"
    path.write_text("old")
    assert run("main-2", "-o", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"%PDF-")


@drawn
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.png"
    path.write_text("old")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    result = run("main-2", "-o", str(path))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


BAD = {
    "an unknown name": (("main-3", "-o", "out.pdf"), "the figures are main-1, main-2"),
    "no name": (("-o", "out.pdf"), "NAME"),
    "no file": (("main-1",), "--output"),
    "an unknown ending": (("main-1", "-o", "out.jpg"), "give one of pdf, svg, png"),
    "no ending": (("main-1", "-o", "out"), "give one of pdf, svg, png"),
    "an ending alone": (("main-2", "-o", ".pdf"), "give one of pdf, svg, png"),
    "a folder that is not there": (("main-1", "-o", "nowhere/out.pdf"), "make it first"),
    "a folder": (("main-1", "-o", "folder.pdf"), "is a folder"),
    "a family where none is shown": (("main-2", "--family", "2a", "-o", "out.pdf"), "leave --family out"),
    "an unknown family": (("main-1", "--family", "9z", "-o", "out.pdf"), "the named ones are 1a"),
}


@drawn
@pytest.mark.parametrize("arguments, advice", BAD.values(), ids=list(BAD))
def test_bad_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], advice: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.pdf").mkdir()
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("symrelu: ")
    assert result.stderr.count("\n") == 1
    assert advice in result.stderr
    assert [x.name for x in tmp_path.iterdir()] == ["folder.pdf"]


def test_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write.importlib.util, "find_spec", lambda name: None)
    result = run("main-2", "-o", str(tmp_path / "out.pdf"))
    assert result.exit_code == 2
    assert result.stderr == (
        "symrelu: figures need matplotlib, which is not installed; try: pip install 'symrelu[plot]'\n"
    )
    assert list(tmp_path.iterdir()) == []
