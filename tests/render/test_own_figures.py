"""The figures paths and branching: numbers against the evaluator and the dense Hessian, drawings from made-up data."""

import importlib.util
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import symrelu
from symrelu.cli import main
from symrelu.reference.hessian import hessian
from symrelu.render.figures import bifurcation, paths, write
from symrelu.render.figures.bifurcation import BranchingPanel, Bundle, Course
from symrelu.render.figures.paths import FamilyPath, LowestEigenvalue
from tests.shared import family_of

drawn = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib: pip install 'symrelu[plot]'"
)
slow = pytest.mark.slow

# -- the numbers of paths ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path_2a() -> FamilyPath:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "SAMPLES", 4)
        return paths.family_path(family_of("2a"))


@pytest.mark.parametrize("d", [4, 7, 12])
def test_loss_and_lowest_eigenvalues_at_integers(path_2a: FamilyPath, d: int) -> None:
    family = family_of("2a")
    at = family.at(d, 12)
    assert path_2a.loss[path_2a.d.index(d)] == pytest.approx(float(at.loss.value), rel=1e-12)
    W = np.asarray(family.space.matrix([float(x.value) for x in at.entries.values()], d))
    dense = np.linalg.eigvalsh(hessian(W, np.ones(d), np.eye(d), np.ones(d)))
    least = min(x for x in dense if abs(x) > 1e-9)  # the rescaling zeros left out
    assert min(c.values[c.d.index(d)] for c in path_2a.lowest if d in c.d) == pytest.approx(least, abs=1e-11)
    ds, values = path_2a.least()
    assert values[ds.index(d)] == pytest.approx(least, abs=1e-11)


def test_thresholds_and_end(path_2a: FamilyPath) -> None:
    assert [name for name, _ in path_2a.thresholds] == ["s1"]
    assert path_2a.thresholds[0][1] == pytest.approx(5.5855052474)
    assert path_2a.end == pytest.approx(2) and path_2a.end_words
    assert path_2a.loss[0] == pytest.approx(0, abs=1e-3)  # it ends at the target
    s1 = next(c for c in path_2a.lowest if c.component == "s1")
    signs = [x > 0 for x in s1.values]
    assert signs == [d > 5.5855052474 for d in s1.d]


def test_grid_holds_the_integers_and_stays_above_the_end() -> None:
    grid = paths._grid(Fraction(7, 2), Fraction(20))
    assert grid == sorted(set(grid)) and Fraction(7, 2) < grid[0] < Fraction(36, 10) and grid[-1] == 20
    assert {Fraction(n) for n in range(4, 21)} <= set(grid)


# -- the numbers of branching ------------------------------------------------------------------------------------------


@slow
def test_panel_of_1b() -> None:
    """A pitchfork: halves at opposite amplitudes over the same d, all of it saddles, beginning at the threshold."""
    (panel,) = bifurcation.branching_panels(symrelu.family("1b"), largest_only=True)
    assert (panel.family, panel.component, panel.minimum_above) == ("1b", "x1", True)
    assert panel.d == pytest.approx(5.7638127349)
    mirrored = panel.bundles[0].courses
    assert len(mirrored) == 2 and mirrored[0].d == mirrored[1].d
    assert np.array_equal(np.array(mirrored[0].amplitude), -np.array(mirrored[1].amplitude))
    for bundle in panel.bundles:
        for course in bundle.courses:
            assert abs(course.d[0] - panel.d) < 1e-3 and abs(course.amplitude[0]) < 0.05
            assert all(n is None or n > 0 for n in course.negative)
            assert [(d, minimum) for d, _, minimum in course.certified] == [(6, False), (7, False)]


def test_runs_cover_a_course() -> None:
    assert bifurcation._runs([0, 0, 1, 2, None, 0]) == [
        (bifurcation.SOLID, 0, 1),
        (bifurcation.DASHED, 1, 3),
        (bifurcation.UNKNOWN, 3, 4),
        (bifurcation.SOLID, 4, 5),
    ]


# -- files -------------------------------------------------------------------------------------------------------------


def made_up(component: str, d: float) -> BranchingPanel:
    course = Course((d, d + 0.5, d + 1), (0.0, 0.3, 0.4), (0, 1, None), ((int(d) + 1, 0.35, True),))
    return BranchingPanel("2a", component, d, True, (Bundle("$S_{d-2} \\times S_1$: $a_1 - a_{12}$", (course,)),))


def made_up_path(name: str) -> FamilyPath:
    lowest = (LowestEigenvalue("s1", (4.0, 8.0), (-0.1, 0.1)), LowestEigenvalue("s1*s2", (4.0, 8.0), (0.1, 0.2)))
    return FamilyPath(name, r"\Delta S_d", (3.0, 4.0, 8.0), (0.0, 0.1, 0.2), lowest, (("s1", 6.0),), 3.0, "a fold")


@drawn
@pytest.mark.parametrize("family", ["2a", None])
@pytest.mark.parametrize("name", ["paths", "branching"])
def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, family: str | None) -> None:
    """One family and all of them, twice the same bytes."""
    monkeypatch.setattr(write, "family_path", lambda one, progress=None: made_up_path(one.name))
    monkeypatch.setattr(write, "branching_panels", lambda one, largest, progress=None: (made_up("s1", 5.5),))
    contents = []
    for i in range(2):
        path = tmp_path / f"{i}.svg"
        chosen = ["--family", family] if family else []
        result = CliRunner().invoke(main, ["figure", name, "-o", str(path), *chosen], prog_name="symrelu")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
        contents.append(path.read_bytes())
    assert contents[0].startswith(b"<?xml") and contents[0] == contents[1]


@drawn
def test_a_family_without_branches_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    result = CliRunner().invoke(main, ["figure", "branching", "--family", "1a", "-o", str(path)], prog_name="symrelu")
    assert result.exit_code == 2 and result.stderr.count("\n") == 1
    assert "no branch was found" in result.stderr and not path.exists()
