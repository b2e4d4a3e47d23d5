"""Kernels, targets and second layers together: reduced against dense matrices, padded points, targets by group."""

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import sympy

from symrelu.errors import BadInput, LimitingAngle, ZeroRow
from symrelu.exact.arithmetic import FLOAT, SYMBOLIC, BallArithmetic, MpmathArithmetic, SeriesArithmetic
from symrelu.exact.constants import BallField
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.exact.square_roots import SquareRootField
from symrelu.model.activations import ERF, kernel_named
from symrelu.model.expression import D, coordinates, gradient_expression
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Direction, student_rows, unit_direction
from symrelu.model.setting import Setting
from symrelu.model.target import IDENTITY, PAD, Target
from symrelu.model.teacher import Teacher
from symrelu.reference import activations, dense
from symrelu.reference.hessian import hessian
from symrelu.reference.newton import critical_point
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

DENSE = {
    "relu": activations.RELU,
    "leaky:-3/2": activations.leaky(-3, 2),
    "abs": activations.ABS,
    "erf": activations.ERF,
    "z2": activations.Z2,
    "z3": activations.Z3,
    "s3": activations.S3,
}


def space_of(blocks: str, rows: str | None = None, cols: str | None = None) -> FixedSpace:
    return FixedSpace(Isotropy.parse(blocks, rows, cols))


class Shape(NamedTuple):
    """A type with a target, written out as a matrix at one d, and second layers by orbits."""

    space: FixedSpace
    target: Target
    d: int
    V: np.ndarray
    beta: str
    betas: list[int | Fraction]  # one a teacher row
    signs: str


GIVEN = Target.from_json(
    {"blocks": "d-2,2", "rows": "2,*", "entries": [["1/2", ["1", "-1/4"]], ["-1", "2"]]}  # three teachers
)
GIVEN_5 = [[0.5, 0.5, 0.5, 1, -0.25], [0.5, 0.5, 0.5, -0.25, 1], [-1, -1, -1, 2, 2]]

SHAPES = {
    "k = d": Shape(space_of("d-2,2"), IDENTITY, 5, np.eye(5), "2,1/2", [2] * 3 + [Fraction(1, 2)] * 2, "+,-"),
    "k = d + 1": Shape(space_of("d-1,1", "1,2,*"), IDENTITY, 4, np.eye(4), "1,3", [1, 1, 1, 3], "-,+,-"),
    "k = d - 1, padded": Shape(space_of("d-2,1", "2,1", "1,2,*"), PAD, 5, np.eye(5)[:4], "3,-1", [3, 3, 3, -1], "+,-"),
    "fewer teachers": Shape(space_of("d-2,2"), GIVEN, 5, np.array(GIVEN_5), "2,-1", [2, 2, -1], "-,+"),
    "a target seen by a smaller group": Shape(
        space_of("d-3,1,2"), GIVEN, 5, np.array(GIVEN_5), "2,-1", [2, 2, -1], "-,+,+"
    ),
}


def problem_of(shape: Shape, kernel: str) -> Problem:
    free = kernel_named(kernel).second_layer_is_free
    beta = tuple(Fraction(x) for x in shape.beta.split(","))
    signs = () if free else tuple(1 if x == "+" else -1 for x in shape.signs.split(","))
    return Setting(kernel_named(kernel), shape.target, beta, signs).problem(shape.space)


def values_of(problem: Problem) -> list[float]:
    """Generic coordinates, for alpha too."""
    return [((7 * i + 3) % 11 - 5) / 4 + 0.125 for i in range(problem.dim)]


def network(shape: Shape, problem: Problem, values: list[float]) -> tuple[Any, ...]:
    """The whole student and teacher, as the reference takes them; the target is the hand-written one."""
    sizes = [shape.space.isotropy.orbit_size(orbit).at(shape.d) for orbit in shape.space.isotropy.rows]
    by_orbit = values[shape.space.dim :] if problem.alpha is None else problem.alpha
    alpha = np.repeat(np.array(by_orbit, dtype=float), sizes)
    W = shape.space.matrix(values[: shape.space.dim], shape.d)
    return W, alpha, shape.V, np.array([float(x) for x in shape.betas])


def basis(shape: Shape) -> np.ndarray:
    """The directions of Fix(G) and of the second layer, constant on orbits, as columns over (W, alpha)."""
    W = shape.space.index_matrix(shape.d)
    sizes = [shape.space.isotropy.orbit_size(orbit).at(shape.d) for orbit in shape.space.isotropy.rows]
    orbit_of = np.repeat(np.arange(len(sizes)), sizes)
    columns = [np.concatenate([(W == i).ravel(), np.zeros(len(W))]) for i in range(shape.space.dim)]
    columns += [np.concatenate([np.zeros(W.size), orbit_of == a]) for a in range(len(sizes))]
    return np.array(columns, dtype=float).T


# -- reduced against dense ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", DENSE)
@pytest.mark.parametrize("name", SHAPES)
def test_loss_gradient_and_hessian_are_the_dense_ones(name: str, kernel: str) -> None:
    """On Fix(G) and on the second layer, off critical points, with beta and alpha of both signs."""
    shape = SHAPES[name]
    problem = problem_of(shape, kernel)
    values = values_of(problem)
    here = problem.at(FLOAT, values, shape.d)
    whole, activation = network(shape, problem, values), DENSE[kernel]
    assert here.loss() == pytest.approx(dense.loss(*whole, activation), rel=1e-11)
    by_rows, by_outputs = dense.gradient(*whole, activation)
    directions = basis(shape)
    expected = directions.T @ np.concatenate([by_rows.ravel(), by_outputs])
    assert here.gradient() == pytest.approx(expected[: problem.dim], rel=1e-10, abs=1e-11)
    prefactor = float(problem.kernel.prefactor)
    second = np.array(here.second_layer_gradient()) * prefactor
    sizes = [float(shape.space.isotropy.orbit_size(orbit).at(shape.d)) for orbit in shape.space.isotropy.rows]
    assert second * sizes == pytest.approx(expected[shape.space.dim :], rel=1e-10, abs=1e-11)
    form = directions.T @ hessian(*whole, activation) @ directions
    units = [Direction(dict(enumerate(student_rows(shape.space, list(row)).cells))) for row in np.eye(shape.space.dim)]
    layer = [Direction({}, {a: 1}) for a in range(len(sizes))]
    assert np.array(here.hessian([*units, *layer])) == pytest.approx(form, rel=1e-9, abs=1e-10)
    reduced = np.array(here.hessian(), dtype=float)
    assert reduced == pytest.approx(form[: problem.dim, : problem.dim], rel=1e-9, abs=1e-10)


@pytest.mark.parametrize(
    ("name", "kernel"),
    [("k = d", "erf"), ("k = d + 1", "leaky:-3/2"), ("k = d - 1, padded", "z3"), ("fewer teachers", "erf")],
)
def test_spectra_are_the_dense_ones(name: str, kernel: str) -> None:
    """All isotypic components, both layers: the refinements see the same teacher and the same second layer."""
    shape = SHAPES[name]
    problem = problem_of(shape, kernel)
    values = values_of(problem)
    expected = np.linalg.eigvalsh(hessian(*network(shape, problem, values), DENSE[kernel]))
    precise = MpmathArithmetic(30)
    found = eigenvalues_at(problem, precise, [precise.context.mpf(x) for x in values], shape.d)
    spectrum = sorted(float(x.value) for x in found for _ in range(int(x.multiplicity)))
    assert spectrum == pytest.approx(list(expected), rel=1e-9, abs=1e-9)


# -- k < d: padded points ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["the target", "1b"])
def test_padded_points_are_critical_for_the_padded_target_alone(point: str) -> None:
    """[W 0] for W critical at d - 1: against V = I_d the last column is pulled towards the teacher that nobody learns.

    There every psi is pi/2, so each entry of the last column has the derivative -1/4.
    """
    d = 9
    own, other = (1.0, 0.0) if point == "the target" else critical_point(0, "-", d - 1)[0, :2]
    space = space_of("d-1", "1", "1,*")
    padded, whole = (Setting(target=V).problem(space).at(FLOAT, [own, other, 0.0], d) for V in (PAD, IDENTITY))
    assert padded.entry_gradient() == pytest.approx([0, 0, 0], abs=1e-10)
    gradient = np.array(whole.entry_gradient()) / (2 * np.pi)
    assert gradient[2] == pytest.approx(-1 / 4) and abs(gradient[0]) > 0.01


def test_exactly_padded_points() -> None:
    """The same in SymPy for every d: W = [I 0] with the padded target."""
    space = space_of("d-1", "1", "1,*")
    values = [sympy.Integer(x) for x in (1, 0, 0)]
    assert Setting(target=PAD).problem(space).at(SYMBOLIC, values, D).gradient() == [0, 0, 0]
    assert sympy.simplify(Problem(space).at(SYMBOLIC, values, D).gradient()[2] + (D - 1) / 4) == 0


def test_padding_with_fixed_rows_and_columns() -> None:
    """A fixed column has a teacher if there is a fixed row for it, in order; a block of columns alone has none."""
    group = Isotropy.parse("d-5,3", "1,*", "1,*,2,*")
    teacher = PAD.teacher(group)
    assert [str(orbit) for orbit in teacher.orbits] == ["1", "*"]
    assert teacher.cells[1] == ((0, None), (1, None), (0, None), (0, None))
    with pytest.raises(BadInput, match="leaves no teacher"):
        PAD.teacher(Isotropy.parse("d,2", "2", "1"))


# -- erf: the same code in every arithmetic ----------------------------------------------------------------------------


def test_erf_in_every_arithmetic() -> None:
    """Near W = -I, alpha = (1, 1/2): balls, SymPy, floats and series agree with mpmath."""
    problem = Problem(space_of("d-1,1"), ERF)
    assert problem.names == ("a_1", "a_2", "a_3", "a_4", "a_5", "alpha_1", "alpha_2")
    entries = [(-1, 2), (0, 2), (0, 1), (0, 3), (-1, 1), (1, 0), (Fraction(1, 2), 0)]
    d = 400
    exact = [Fraction(a) + Fraction(b, d) for a, b in entries]
    precise = MpmathArithmetic(40)
    point = problem.at(precise, [precise.rational(x) for x in exact], precise.rational(d))
    gradient = point.gradient(scaled=True)

    floats = problem.at(FLOAT, [float(x) for x in exact], float(d))
    assert floats.gradient(scaled=True) == pytest.approx([float(x) for x in gradient], rel=1e-10)
    assert floats.loss() == pytest.approx(float(point.loss()), rel=1e-10)

    balls = BallArithmetic(140)
    with balls.precision():
        enclosed = problem.at(balls, [balls.rational(x) for x in exact], balls.rational(d))
        found = [enclosed.loss(), *enclosed.gradient(scaled=True)]
    for ball, value in zip(found, [point.loss(), *gradient], strict=True):
        assert abs(precise.context.mpf(ball.mid().str(38, radius=False)) - value) < 1e-30 * (1 + abs(value))
        assert float(ball.rad()) < 1e-30

    rational = [sympy.Rational(x.numerator, x.denominator) for x in exact]
    symbolic = problem.at(SYMBOLIC, rational, sympy.Integer(d)).gradient(scaled=True)
    for x, y in zip(symbolic, gradient, strict=True):
        assert abs(sympy.N(x, 30) - sympy.Float(str(y), 30)) < 1e-25 * (1 + abs(float(y)))

    field = BallField(400)
    at_infinity = problem.at(SeriesArithmetic(field), expansions(entries, field), monomial(field, 1, -2))
    far = far_point(problem, entries).gradient(scaled=True)
    for series, value in zip(at_infinity.gradient(scaled=True), far, strict=True):
        check_series(series, value, lambda c: c.enclosure)


FAR, FAR_ARITHMETIC = 10**8, MpmathArithmetic(90)


def far_point(problem: Problem, entries: list[tuple[Any, Any]]) -> ReducedPoint:
    """The point with entries a + b/d at d = 10**8."""
    values = [FAR_ARITHMETIC.rational(Fraction(a) + Fraction(b, FAR)) for a, b in entries]
    return problem.at(FAR_ARITHMETIC, values, FAR_ARITHMETIC.rational(FAR))


def expansions(entries: list[tuple[Any, Any]], field: Any) -> list[Series]:
    """a + b t**2, as truncated series."""
    return [Series(field, 0, [field(Fraction(a)), field(0), field(Fraction(b))]).truncate(14) for a, b in entries]


def check_series(series: Any, value: Any, ball: Any) -> None:
    """The series at t = 10**-4 is the value, but for the term that it leaves out, whose coefficient is below 10**8."""
    context = FAR_ARITHMETIC.context
    t, known = context.mpf(1) / 10**4, series.precision or 16
    assert known >= 6
    found = series.evaluate(t, lambda c: context.mpf(ball(c).str(90, radius=False)))
    assert abs(found - value) < 10**8 * t**known


def test_erf_first_layer_is_exact_at_infinity() -> None:
    """|w| = |v| = 1 and <w, v> = -1 give the root sqrt(9 - 4): the first layer's gradient and Hessian lie in Q(sqrt 5).

    The second layer's gradient has values of the kernel in it, and asin(2/3) has no exact form.
    """
    problem = Problem(space_of("d-1,1"), ERF)
    entries = [(-1, 2), (0, 2), (0, 1), (0, 3), (-1, 1), (1, 0), (Fraction(1, 2), 0)]
    field = SquareRootField(QPI, QPI(5))
    at_infinity = problem.at(SeriesArithmetic(field), expansions(entries, field), monomial(field, 1, -2))
    point = far_point(problem, entries)
    units = [unit_direction(problem.space, i) for i in range(problem.space.dim)]
    found = [c for row in at_infinity.gradient_rows() for cell in row for c in cell if c is not None]
    exact = [c for row in point.gradient_rows() for cell in row for c in cell if c is not None]
    found += [x for row in at_infinity.hessian(units, scaled=True) for x in row]
    exact += [x for row in point.hessian(units, scaled=True) for x in row]
    for series, value in zip(found, exact, strict=True):
        check_series(at_infinity.scalar(series), value, lambda c: field.ball(c, 400))
    with pytest.raises(LimitingAngle, match="4/9"):
        at_infinity.second_layer_gradient()


def test_rows_may_vanish_where_the_kernel_is_smooth() -> None:
    zero = [0.0, 0.0]
    for name in ("erf", "z2", "z3", "s3"):
        problem = Problem(space_of("d"), kernel_named(name))
        values = [*zero, *[0.5] * (problem.dim - 2)]
        assert np.all(np.isfinite(problem.at(FLOAT, values, 5).gradient()))
        assert np.all(np.isfinite(np.array(problem.at(FLOAT, values, 5).hessian(), dtype=float)))
    with pytest.raises(ZeroRow):
        Problem(space_of("d"), kernel_named("abs")).at(FLOAT, zero, 5).gradient()


@pytest.mark.parametrize("kernel", ["abs", "erf", "z3"])
def test_expressions_of_other_kernels_are_their_values(kernel: str) -> None:
    """In the paper's notation where kernels have norms and angles in them, in a_i and d alone where they have not."""
    problem = Problem(space_of("d"), kernel_named(kernel))
    expression = gradient_expression(problem)
    assert bool(expression.definitions) == (kernel == "abs")
    values = values_of(problem)
    at = dict(zip(coordinates(problem), values, strict=True)) | {D: 7}
    found = [float(sympy.N(x.subs(at))) for x in expression.explicit().values()]
    assert found == pytest.approx(problem.at(FLOAT, values, 7).gradient(), rel=1e-9)


# -- targets -----------------------------------------------------------------------------------------------------------


def rows_at(teacher: Teacher, group: Isotropy, d: int) -> Counter[tuple[Any, ...]]:
    """The multiset of (row, beta) that a teacher stands for at a whole d."""
    found: Counter[tuple[Any, ...]] = Counter()
    for orbit, cells, b in zip(teacher.orbits, teacher.cells, teacher.beta, strict=True):
        for i in range(group.orbit_size(orbit).at(d)):
            row: list[Fraction] = []
            for col, (c, delta) in zip(group.cols, cells, strict=True):
                piece = [c] * group.orbit_size(col).at(d)
                if delta is not None:
                    piece[i] += delta
                row += piece
            found[tuple(row), b] += 1
    return found


@pytest.mark.parametrize(
    ("blocks", "rows", "cols"),
    [
        ("d-2,2", None, None),
        ("d-2,2", "1,1,2,*", "1,2"),
        ("d-4,2,2", None, None),
        ("d-3,1,2", "1,2", "1,2,3"),
        ("d-2", "1", "1,*,*"),
        ("d-4,2,2", "1", "2,1,3"),
        ("d/2-1,d/2-1,2", None, None),
        ("(d-2)/2,2", "1", "1,1,2"),  # one block moves two column orbits at once
    ],
)
def test_a_target_is_the_same_matrix_in_every_group_that_fixes_it(
    blocks: str, rows: str | None, cols: str | None
) -> None:
    group, beta = Isotropy.parse(blocks, rows, cols), (Fraction(2), Fraction(-1))
    teacher = GIVEN.teacher(group, beta)
    assert GIVEN.isotropy is not None
    for d in (10, 14):
        assert rows_at(teacher, group, d) == rows_at(GIVEN.teacher(GIVEN.isotropy, beta), GIVEN.isotropy, d)


@pytest.mark.parametrize("blocks", ["d", "d-3,3", "d-1,1", "2,d-2", "d/2,d/2"])
def test_a_group_that_does_not_fix_the_target_is_refused(blocks: str) -> None:
    with pytest.raises(BadInput, match=r"is not fixed by .*: its symmetry must contain the group; give") as caught:
        Setting(target=GIVEN).problem(space_of(blocks))
    assert "\n" not in str(caught.value)


def test_a_larger_group_may_fix_a_target_than_the_one_it_was_given_for() -> None:
    """The identity written with two blocks is the identity, as Delta S_d sees it; with two betas it is not."""
    written = Target.from_json({"blocks": "d-2,2", "entries": [[["1", "0"], "0"], ["0", ["1", "0"]]]})
    space = space_of("d")
    problem = Setting(target=written).problem(space)
    assert problem.teacher == IDENTITY.teacher(space.isotropy)
    values = [0.5, -0.25]
    assert problem.at(FLOAT, values, 6).loss() == pytest.approx(Problem(space).at(FLOAT, values, 6).loss(), rel=1e-14)
    with pytest.raises(BadInput, match="is not fixed by"):
        Setting(target=written, beta=(Fraction(1), Fraction(2))).problem(space)


def test_the_same_networks_in_a_smaller_group() -> None:
    """`Problem.on`: pad, beta and signs by orbit keep the meaning that they had in the first group."""
    for name in ("k = d", "k = d - 1, padded", "fewer teachers"):
        shape = SHAPES[name]
        problem = problem_of(shape, "leaky:-3/2")
        if name == "k = d - 1, padded":
            smaller = space_of("d-3,1,1", "3,1,2", "1,2,3,*")
        else:
            smaller = space_of("d-3,1,2")
        values = values_of(problem)
        W = shape.space.matrix(values, shape.d)
        moved = problem.on(smaller)
        here = moved.at(FLOAT, smaller.restrict(W), shape.d)
        assert here.loss() == pytest.approx(problem.at(FLOAT, values, shape.d).loss(), rel=1e-12)
        assert moved.on(shape.space).at(FLOAT, values, shape.d).loss() == pytest.approx(here.loss(), rel=1e-12)
    with pytest.raises(BadInput, match="different signs"):
        Setting(signs=(1, -1)).problem(space_of("d-2,2")).on(space_of("d"))


def test_refinements_see_the_rows_of_the_teacher() -> None:
    """A pair of rows of a refinement is a pair of the given group: the same loss, without a new Gram entry."""
    from symrelu.spectrum.blocks import RefinedPoint
    from symrelu.symmetry.isotypic import refine

    for shape in SHAPES.values():
        problem = problem_of(shape, "erf")
        values = values_of(problem)
        point = problem.at(FLOAT, values, 8)
        loss, computed = point.loss(), len(point._grams)
        for block in range(len(shape.space.isotropy.blocks)):
            size = shape.space.isotropy.blocks[block]
            if size.is_constant and size.const < 2:
                continue
            refined = RefinedPoint(point, refine(shape.space.isotropy, (block,), 2))
            assert isinstance(refined, ReducedPoint) and refined.loss() == pytest.approx(loss, rel=1e-12)
        assert len(point._grams) == computed


# -- settings as values ------------------------------------------------------------------------------------------------


def test_the_default_setting_is_the_papers() -> None:
    paper = Setting()
    assert paper.is_default and paper.label() == "" and Setting.parse() == paper
    assert Setting.parse("leaky:0", "I", "1,1", "+,+") == paper and hash(Setting.parse("relu")) == hash(paper)
    space = space_of("d-1,1")
    assert paper.problem(space) == Problem(space)


SETTINGS = [
    Setting.parse("leaky:1/10"),
    Setting.parse("leaky:s", "pad"),
    Setting.parse("erf", None, "1,-3/2"),
    Setting.parse("z2", "pad", None, "+,-"),
    Setting(target=GIVEN, beta=(Fraction(2), Fraction(1, 3))),
]


@pytest.mark.parametrize("setting", SETTINGS, ids=Setting.label)
def test_settings_come_back_from_json(setting: Setting) -> None:
    text = json.dumps(setting.to_json(), sort_keys=True)
    found = Setting.from_json(json.loads(text))
    assert found == setting and hash(found) == hash(setting) and not setting.is_default
    assert json.dumps(found.to_json(), sort_keys=True) == text
    assert len({json.dumps(x.to_json(), sort_keys=True) for x in SETTINGS}) == len(SETTINGS)


def test_labels_are_the_words_of_the_command_line() -> None:
    assert Setting.parse("leaky:0.1", "pad", "1,2", "+,-").label() == (
        "kernel leaky:1/10, target pad, beta 1,2, signs +,-"
    )


def test_a_kernel_of_a_module_is_stored_with_its_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    text = "import sympy\nfrom symrelu.model.kernels import S, Kernel\nS5 = Kernel('s5', S**5, sympy.Integer(1))\n"
    (tmp_path / "quintic_kernels.py").write_text(text, encoding="utf-8")
    setting = Setting.parse("quintic_kernels:S5")
    data = setting.to_json()
    assert data["kernel"] == "quintic_kernels:S5" and Setting.from_json(data) == setting
    with pytest.raises(BadInput, match="derive the result again"):
        Setting.from_json(data | {"formula": "(1)*(s**7)"})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"kernel": "swish"}, "give relu, leaky"),
        ({"target": "no/such/file.json"}, "cannot be read"),
        ({"beta": "1,x"}, "value of beta"),
        ({"beta": "1,0"}, "leave that teacher out"),
        ({"signs": "+,2"}, "one \\+ or - for each row orbit"),
        ({"kernel": "erf", "signs": "+,-"}, "variable of its own"),
    ],
)
def test_words_that_cannot_be_read(words: dict[str, str], message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        Setting.parse(**words)
    assert "\n" not in str(caught.value)


def test_numbers_that_do_not_fit_the_orbits() -> None:
    with pytest.raises(BadInput, match="3 values of beta .* for 2 orbits; give 2, or one for all"):
        Setting.parse(beta="1,2,3").problem(space_of("d-1,1"))
    with pytest.raises(BadInput, match="3 signs of alpha .* for 2 orbits"):
        Setting.parse(signs="+,-,-").problem(space_of("d-1,1"))
    with pytest.raises(BadInput, match="6 values of a_1, .*, a_5, alpha_1, alpha_2|7 values of a_1"):
        Problem(space_of("d-1,1"), ERF).at(FLOAT, [1.0] * 5, 6)
    with pytest.raises(BadInput, match="exact numbers"):
        Setting(beta=(0.5,))  # type: ignore[arg-type]


ENTRIES = [[["1", "0"], "0"], ["0", ["1", "0"]]]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("J", "lacks blocks or entries"),
        ({"blocks": "d-2,2"}, "lacks blocks or entries"),
        ({"blocks": "d-2,2", "entries": ENTRIES, "beta": "1"}, "the target has beta"),
        ({"blocks": "d-2,3", "entries": ENTRIES}, "sum to"),
        ({"blocks": "d-2,2", "entries": ENTRIES[:1]}, "must be 2 lists"),
        ({"blocks": "d-2,2", "entries": [["1", "0"], ENTRIES[1]]}, r"give \[own, other\]"),
        ({"blocks": "d-2,2", "entries": [[["1", 0.5], "0"], ENTRIES[1]]}, "exact number as text"),
        ({"blocks": "d-2,2", "entries": [[["1", "sqrt(2)"], "0"], ENTRIES[1]]}, "fraction such as 1/4"),
        ({"blocks": "d-2,2", "entries": [[["1", "1"], "0"], ENTRIES[1]]}, "are equal; write them as one fixed row"),
        ({"blocks": "d-2,2", "rows": "1,*", "entries": [ENTRIES[0], ["0", "0"]]}, "is 0 everywhere; leave it out"),
    ],
)
def test_targets_that_make_no_sense(data: Any, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        Target.from_json(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ('{"blocks": "d", "entries": [[[1.5, 0]]]}', "contains the float 1.5"),
        ("[" * 9999, "is no JSON"),
    ],
)
def test_target_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "target.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        Target.parse(str(path))
    path.write_text(json.dumps(GIVEN.to_json()), encoding="utf-8")
    assert Target.parse(str(path)) == GIVEN
