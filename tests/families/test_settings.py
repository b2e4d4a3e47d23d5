"""Families of other settings: beta, signs of alpha, targets; isotropy, multiplicity, JSON, expressions for each."""

import json
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
import sympy

import symrelu
from symrelu.catalogue import choose
from symrelu.comparison import compare
from symrelu.errors import BadInput, NoFamily
from symrelu.exact.arithmetic import FLOAT
from symrelu.model.expression import D, coordinates, loss_expression
from symrelu.model.permutations import multiplicity_of, point_isotropy
from symrelu.model.reduced import Problem
from symrelu.model.setting import PAPER, Setting
from symrelu.model.target import Target
from symrelu.reference import activations
from symrelu.reference.hessian import hessian
from symrelu.results import FamilySeries
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

BETA = Setting.parse(beta="1,2")
FEW = Setting(target=Target.from_json({"blocks": "d-1,1", "rows": "1", "entries": [[["1", "0"], "1/2"]]}))
"""d - 1 teachers e_i + e_d/2: fewer than students, with a column of their own kind."""


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "limit"),
    [
        (PAPER, (1, 0, 0, 0, -1)),
        (BETA, (1, 0, 0, 0, -2)),  # beta v = 2 v is the row 2 v to ReLU
        (Setting.parse(beta="1/2,-3"), (sympy.Rational(1, 2), 0, 0, 0, -3)),
        (Setting.parse(beta="1,2", kernel="z3"), (1, 0, 0, 0, -1)),
    ],
)
def test_signs_are_those_of_the_diagonal_of_the_target(setting: Setting, limit: tuple[Any, ...]) -> None:
    key = choose(None, "d-1,1", None, None, "+,-", None, setting)
    assert key.limit == limit
    assert key.limit_text() == "+,-"


def test_a_target_that_is_critical_for_every_d() -> None:
    one = symrelu.family(blocks="d-1,1", limit="+,+", setting=BETA)
    result = one.series(3)
    assert result.is_closed_form and result.loss == 0
    assert [str(x) for x in result.entries.values()] == ["1", "0", "0", "0", "2"]


# -- beta --------------------------------------------------------------------------------------------------------------


def test_a_spurious_minimum_with_one_heavier_teacher() -> None:
    """Its last row tends to -2 e_d. Spectrum against the dense Hessian at d = 8."""
    one = symrelu.family(blocks="d-1,1", limit="+,-", setting=BETA)
    d = 8
    here = one.at(d, digits=14)
    W = one.space.matrix([float(x.value) for x in here.entries.values()], d)
    beta = np.array([1.0] * (d - 1) + [2.0])
    dense = np.linalg.eigvalsh(hessian(W, np.ones(d), np.eye(d), beta, activations.RELU))
    found = sorted(float(e.value) for e in here.eigenvalues for _ in range(int(e.multiplicity)))
    assert found == pytest.approx(list(dense), abs=1e-10)
    assert str(one.series(2).loss[2]) == "2 - 8/pi**2"


@pytest.mark.slow
def test_it_is_a_minimum_above_its_threshold() -> None:
    one = symrelu.family(blocks="d-1,1", limit="+,-", setting=BETA)
    assert one.certify(12).verdict == "minimum"
    assert one.certify(9).verdict == "saddle"  # the threshold is 9.3796


# -- isotropy and multiplicity -----------------------------------------------------------------------------------------


def teacher_rows(problem: Problem, d: int) -> list[tuple[tuple[Any, ...], Any]]:
    isotropy, teacher = problem.space.isotropy, problem.teacher
    rows = []
    for orbit, cells, beta in zip(teacher.orbits, teacher.cells, teacher.beta, strict=True):
        for i in range(isotropy.orbit_size(orbit).at(d)):
            row: list[Any] = []
            for col, (c, delta) in zip(isotropy.cols, cells, strict=True):
                piece = [c] * isotropy.orbit_size(col).at(d)
                if delta is not None:
                    piece[i] += delta
                row += piece
            rows.append((tuple(row), beta))
    return rows


def counted(problem: Problem, labels: tuple[int, ...], d: int) -> int:
    """Images of a point under all pairs of permutations that leave alpha, and the set of (teacher row, beta), alone."""
    isotropy = problem.space.isotropy
    W = problem.space.matrix(list(labels), d)
    assert problem.alpha is not None
    alpha: np.ndarray = np.repeat(np.array(problem.alpha), [isotropy.orbit_size(o).at(d) for o in isotropy.rows])
    teachers = teacher_rows(problem, d)
    kept = [
        list(q)
        for q in permutations(range(d))
        if sorted((tuple(v[i] for i in q), b) for v, b in teachers) == sorted(teachers)
    ]
    rows = [list(p) for p in permutations(range(len(W))) if (alpha[list(p)] == alpha).all()]
    return len({W[p][:, q].tobytes() for p, q in product(rows, kept)})


@pytest.mark.parametrize(
    ("kind", "setting", "labels", "d", "label"),
    [
        (("d-1,1",), PAPER, (1, 2, 2, 2, 1), 4, "Delta S_d"),
        (("d-1,1",), BETA, (1, 2, 2, 2, 1), 4, "Delta(S_{d-1} x S_1)"),  # the last teacher differs
        (("d-1,1",), Setting.parse(signs="+,-"), (1, 2, 2, 2, 1), 4, "Delta(S_{d-1} x S_1)"),  # the last row does
        (("d-1,1",), FEW, (1, 2, 3, 4, 5), 4, "Delta(S_{d-1} x S_1)"),
        (("d-1", "1", "1,*"), Setting.parse(target="pad"), (1, 1, 1), 4, "rows(S_{d-1}) x columns(S_{d-1})"),
        (("d-2", "1", "1,*,*"), Setting.parse(target="pad"), (1, 2, 0, 0), 5, "Delta S_{d-2} x columns(S_2)"),
        (("d-2", "1", "1,*,*"), Setting.parse(target="pad"), (1, 2, 0, 3), 5, "Delta S_{d-2}"),
        (("d", "1,1", "1"), Setting.parse(signs="+,-"), (1, 2, 1, 2), 3, "Delta S_d"),
    ],
)
def test_multiplicities_count_what_leaves_the_loss_alone(
    kind: tuple[str, ...], setting: Setting, labels: tuple[int, ...], d: int, label: str
) -> None:
    problem = setting.problem(FixedSpace(Isotropy.parse(*kind)))
    found = point_isotropy(problem, labels)
    assert found.actual.label() == label
    assert multiplicity_of(problem, found.actual).at(d) == counted(problem, labels, d)


@pytest.mark.parametrize(
    ("setting", "labels"),
    [(Setting.parse(target="pad"), (1, 2, 0, 0)), (Setting.parse(target="pad", signs="-"), (1, 2, 0, 0))],
)
def test_the_larger_group_sees_the_same_networks(setting: Setting, labels: tuple[int, ...]) -> None:
    problem = setting.problem(FixedSpace(Isotropy.parse("d-2", "1", "1,*,*")))
    found = point_isotropy(problem, labels)
    values = [labels[i] / 4 for i in found.sources]
    assert found.problem.space.isotropy.label() == "Delta S_{d-2} x columns(S_2)"
    assert found.problem.at(FLOAT, values, 7).loss() == pytest.approx(
        problem.at(FLOAT, [x / 4 for x in labels], 7).loss()
    )


# -- signs and targets -------------------------------------------------------------------------------------------------


def test_a_student_of_negative_neurons_has_no_family() -> None:
    """dL/dc > 0 along c*W: both terms of the derivative are positive (checked at a random point)."""
    negative = Setting.parse(signs="-")
    with pytest.raises(NoFamily, match="grows along every ray"):
        symrelu.find_families(blocks="d", setting=negative)
    problem = negative.problem(FixedSpace(Isotropy.parse("d")))
    losses = [problem.at(FLOAT, [0.7 * c, -0.2 * c], 5).loss() for c in (0.01, 0.3, 1.0, 3.0)]
    assert losses == sorted(losses)


def test_a_target_with_less_symmetry_than_the_group_is_refused_in_a_line() -> None:
    with pytest.raises(BadInput, match="is not fixed by Delta S_d: its symmetry must contain the group") as caught:
        symrelu.family(blocks="d", limit="+", setting=FEW)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("blocks", "rows", "limit", "reason"),
    [
        ("d-1,1", None, "a_1=2,a_5=1", "contradict"),
        ("d", "1,1", "a_1=1,a_3=1", "contradict"),  # rows of two orbits parallel at the limit
    ],
)
def test_limits_of_no_family_are_refused_with_a_reason(blocks: str, rows: str | None, limit: str, reason: str) -> None:
    with pytest.raises(NoFamily, match=reason) as caught:
        symrelu.family(blocks=blocks, rows=rows, cols="1" if rows else None, limit=limit).series(2)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_a_limit_with_rows_that_vanish_is_named() -> None:
    with pytest.raises(NoFamily, match="row orbit 1 are 0, where the loss is not differentiable"):
        symrelu.family(blocks="d", limit="0").series(2)


@pytest.mark.slow
def test_a_target_of_fewer_teachers() -> None:
    """Students d - 1, teachers d - 1 that lean towards the last column: one spurious minimum, in balls."""
    found = symrelu.find_families(blocks="d-1", rows="1", cols="1,*", setting=FEW)
    spurious = [f for f in found.families if f.limit[0] == -1]
    assert len(spurious) == 1 and spurious[0].kind_at_large_d() == "minimum"
    assert str(spurious[0].multiplicity()) == "factorial(d - 1)"


# -- JSON, comparison, expressions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "setting", "limit"),
    [
        (("d-1,1",), BETA, "+,-"),
        (("d-1", "1", "1,*"), Setting.parse(target="pad"), "-"),
        (("d-2", "1", "1,*,*"), Setting.parse(target="pad"), "a_1=-1"),
        (("d",), Setting.parse(kernel="leaky:1/10"), "-"),
    ],
)
def test_round_trip(kind: tuple[str, ...], setting: Setting, limit: str) -> None:
    words = dict(zip(("blocks", "rows", "cols"), kind, strict=False))
    result = symrelu.family(**words, limit=limit, setting=setting).series(4)  # type: ignore[arg-type]
    data = result.to_json()
    read = FamilySeries.from_json(json.loads(json.dumps(data)))
    assert read == result and read.to_json() == data and read.text() == result.text()
    assert read.key == result.key
    tampered = data | {"setting": {}}
    with pytest.raises(BadInput):
        FamilySeries.from_json(tampered)


def test_families_of_different_settings_side_by_side() -> None:
    """leaky ReLU has ReLU's coefficients as far as t**3 (kernel = (1-a)^2 relu + a s)."""
    leaky = symrelu.family("1b", setting=Setting.parse(kernel="leaky:1/10"))
    both = compare(symrelu.family("1b"), leaky, 4)
    difference = both.entries_difference["a_2"]
    assert difference.valuation == 4 and difference.coefficients
    assert "leaky" in both.text()


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        (("d-1", "1", "1,*"), Setting.parse(target="pad", kernel="leaky:1/10")),
        (("d-1,1",), Setting.parse(beta="2,-1/3", signs="+,-")),
        (("d-1,1",), FEW),
        (("d", "1,*"), Setting.parse(kernel="z3")),
    ],
)
def test_expressions_are_the_values(kind: tuple[str, ...], setting: Setting) -> None:
    problem = setting.problem(FixedSpace(Isotropy.parse(kind[0], *kind[1:])))
    explicit = loss_expression(problem).explicit()
    for seed, d in ((0, 5), (1, 17)):
        values = list(np.random.default_rng(seed).standard_normal(problem.dim))
        at = dict(zip(coordinates(problem), values, strict=True)) | {D: d}
        found = [float(sympy.N(x.subs(at))) for x in explicit.values()]
        assert found == pytest.approx([problem.at(FLOAT, values, d).loss()], rel=1e-9)
