"""Starts of all families over one limit, or of all families of a type: exact where the leading system allows it.

Over a given limit the ansatz a = limit + O(1/d) is tried first: its leading system is solved completely. Where it says
nothing (a row tends to 0, a limiting angle is no known constant), and where no limit is given, families are searched
for numerically (:mod:`symrelu.finding.search`) and each candidate's leading system is set up, solved and proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from symrelu.catalogue import FamilyKey
from symrelu.errors import BadInput, NoFamily, SeveralFamilies, SymreluError
from symrelu.exact.balls import working_bits
from symrelu.exact.constants import Constant
from symrelu.exact.field import NotASquare
from symrelu.exact.qpi import QPI, QPiElement
from symrelu.exact.series import Series
from symrelu.finding.guide import Guide
from symrelu.finding.guided import guided_start
from symrelu.finding.keeping import start_from_json, start_json
from symrelu.finding.normaliser import Image, symmetries
from symrelu.model.activations import ABS
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.model.setting import setting_of
from symrelu.series.leading import (
    FIRST_GOAL,
    Branches,
    Contradiction,
    Start,
    coefficient_field,
    decided_branches,
    exact_point,
)
from symrelu.series.numbering import agree, loss_in_balls, numbered, up_to_rotations
from symrelu.store.kept import kept

Progress = Callable[[str], None]
Limit = tuple[Fraction, ...]
MOST_REMARKS = 3  # of what a search set aside, in the message that it found nothing


@dataclass(frozen=True)
class Effort:
    """How hard a search tries: ``starts`` multiplies the number of its starts, ``seed`` makes it reproducible.

    Raises BadInput for a multiple outside 1/20 .. 100 and for a negative seed.
    """

    starts: Fraction = Fraction(1)
    seed: int = 1

    def __post_init__(self) -> None:
        if not Fraction(1, 20) <= self.starts <= 100:
            raise BadInput(f"the effort {float(self.starts):g} was given; give a number from 0.05 to 100, such as 2")
        if self.seed < 0:
            raise BadInput(f"the seed {self.seed} was given; give a whole number from 0 on")


USUAL = Effort()


@dataclass(frozen=True)
class Starts:
    """Starts of families, numbered as branches are, and how complete the list is.

    starts: in the order of the branches. completeness: in words, "proved: ..." or how it was searched. unproved:
    curves that a search followed to infinity but whose leading system was not solved, in words, each with the reason.
    remarks: what a search met besides (continua, folds, points of larger isotropy), a line each.
    """

    starts: tuple[Start, ...]
    completeness: str
    unproved: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


def starts_over(problem: Problem, limit: Limit, progress: Progress | None = None, effort: Effort = USUAL) -> Starts:
    """The starts of the families with these limits of a_1, a_2, ...; NoFamily, saying what was tried, if there is none.

    ``limit``: exact, one number a coordinate.
    """
    field = coefficient_field(problem)
    values = [field(value) for value in limit]
    constant = exact_point(problem, values, field)
    try:
        known = [Series(field, 0, [value]) for value in values]
        branches = decided_branches(problem, known, [2] * len(values), FIRST_GOAL)
    except SymreluError as error:
        if constant is not None:
            return Starts(
                (constant,),
                "the limit itself is proved to be a critical point for every d; whether other families lie over it is "
                f"not decided ({error})",
            )
        if isinstance(error, Contradiction) or not isinstance(error, NoFamily):
            raise
        return _searched_over(problem, limit, error, progress, effort)
    found = list(branches.starts)
    if constant is not None:
        found = [constant, *(start for start in found if not _is_constant(start, values))]
    if branches.undecided:
        return _with_undecided(problem, limit, found, branches, progress, effort)
    found = up_to_rotations(problem, found)
    return Starts(
        numbered(problem, found), "proved for families a = limit + O(1/d): all real solutions of the leading system"
    )


def _with_undecided(
    problem: Problem,
    limit: Limit,
    found: Sequence[Start],
    branches: Branches,
    progress: Progress | None,
    effort: Effort,
) -> Starts:
    """The families of the decided branches of a leading system, and what a search meets besides; the other branches are
    named as not proved.
    """
    try:
        searched = _searched_over(problem, limit, NoFamily(str(branches.undecided[0][1])), progress, effort)
    except SymreluError as error:
        searched = Starts((), f"a search besides gave nothing ({error})")
    others = [one for one in searched.starts if not any(agree(one, start) for start in found)]
    return Starts(
        numbered(problem, up_to_rotations(problem, [*found, *others])),
        f"families a = limit + O(1/d): {len(branches.undecided)} of the branches of the leading system are not decided "
        f"(see what is not proved); {searched.completeness}",
        (*((what, str(why)) for what, why in branches.undecided), *searched.unproved),
        searched.remarks,
    )


def _is_constant(start: Start, values: Sequence[Any]) -> bool:
    """Whether the start is that of the constant family, as far as it is known."""
    return all(not (x - value).coefficients for x, value in zip(start.entries, values, strict=True))


def _searched_over(
    problem: Problem, limit: Limit, first: NoFamily, progress: Progress | None, effort: Effort
) -> Starts:
    """The families over the limit that a search finds, where the ansatz a = limit + O(1/d) says nothing."""
    near = limit if problem.dim == len(limit) else None
    first = _at_zero_rows(problem, limit) or first
    try:
        found = all_starts(problem, progress, effort, near)
    except NoFamily as error:
        raise NoFamily(f"{first}; {error}") from None
    images = symmetries(problem)
    over = tuple(start for one in found.starts if (start := _image_over(problem, one, images, limit)) is not None)
    if not over:
        reasons = "; ".join(dict.fromkeys(reason for _, reason in found.unproved))
        raise NoFamily(f"{first}; {found.completeness}; none of them has this limit" + (f"; {reasons}" * bool(reasons)))
    return Starts(over, found.completeness, found.unproved, found.remarks)


def _image_over(problem: Problem, start: Start, images: Sequence[Image], limit: Limit) -> Start | None:
    """The image of a family under the normaliser that lies over the limit, None if there is none."""
    limits = list(limits_of(start))
    for image in images:
        at = [None if limits[i] is None else sign * limits[i] for i, sign in zip(*image, strict=True)]  # type: ignore[operator]
        if tuple(at[: len(limit)]) == limit:
            if image == images[0]:
                return start
            if start.guide is not None:
                return guided_start(problem, start.guide.moved(image))
            return replace(start, entries=tuple(image.of(start.entries)))
    return None


def _diagonal(problem: Problem, guide: Guide, images: Sequence[Image]) -> Guide:
    """The image of a candidate that has the most limits +-1 on diagonals of blocks, so that limits read as signs."""
    from symrelu.catalogue import diagonal_places

    places = diagonal_places(problem.space.isotropy)

    def signs(image: Image) -> int:
        return sum(abs(guide.limits[image.places[i]].exact or 0) == 1 for i in places)

    best = max(images, key=signs)  # the identity, if it is as good
    return guide if best == images[0] else guide.moved(best)


def _at_zero_rows(problem: Problem, limit: Limit) -> NoFamily | None:
    """What is the matter with a limit at which rows are 0, where the kernel is not smooth there; None elsewhere."""
    coordinates = problem.space.coordinates
    rows = {c.row for c in coordinates} - {c.row for c, x in zip(coordinates, limit, strict=True) if x}
    if not rows or problem.kernel.smooth_at_zero_rows:
        return None
    names = " and ".join(str(row + 1) for row in sorted(rows))
    return NoFamily(
        f"at this limit the rows of row orbit {names} are 0, where the loss is not differentiable: how fast they "
        "vanish is found by a search only"
    )


def limits_of(start: Start) -> tuple[Fraction | None, ...]:
    """The limits of the entries as exact rational numbers, None where one is none."""
    return tuple(rational_limit(x[0] if x.valuation <= 0 else 0) for x in start.entries)


def rational_limit(value: object) -> Fraction | None:
    """The number as a Fraction if its field shows it to be rational."""
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if not value:
        return Fraction(0)
    while (below := getattr(value, "in_base", None)) is not None:
        value = below()
    if isinstance(value, Constant):
        whole = value.enclosure.unique_fmpz()
        return Fraction(int(whole)) if whole is not None and not value - int(whole) else None
    return value.rational() if isinstance(value, QPiElement) else None


def all_starts(
    problem: Problem, progress: Progress | None = None, effort: Effort = USUAL, near: Limit | None = None
) -> Starts:
    """The starts of all families that a search of the fixed space finds, each with its leading system solved; what was
    found before is taken from the store. With ``near``, of those with this limit alone: the search goes nowhere else.

    Raises NoFamily if there is none, saying what was tried.
    """
    if problem.kernel.parameters:
        raise BadInput(
            f"the kernel {problem.kernel.name} has a free parameter, and families are searched for in numbers; give a "
            "limit (--limit -), or a rational value (leaky:1/10)"
        )
    isotropy = problem.space.isotropy
    asked = {
        "blocks": [str(b) for b in isotropy.blocks],
        "rows": [str(o) for o in isotropy.rows],
        "cols": [str(o) for o in isotropy.cols],
        "setting": setting_of(problem).to_json(),
        "effort": str(effort.starts),
        "seed": effort.seed,
        "near": None if near is None else [str(x) for x in near],
    }
    return kept(
        "starts",
        asked,
        lambda: _search(problem, progress, effort, near),
        _starts_json,
        lambda data: _starts_from(problem, data),
    )


def _starts_json(found: Starts) -> dict[str, Any]:
    return {
        "starts": [start_json(start) for start in found.starts],
        "completeness": found.completeness,
        "unproved": [list(pair) for pair in found.unproved],
        "remarks": list(found.remarks),
    }


def _starts_from(problem: Problem, data: Mapping[str, Any]) -> Starts:
    starts = tuple(start_from_json(problem, one) for one in data["starts"])
    unproved = tuple((str(what), str(why)) for what, why in data["unproved"])
    return Starts(starts, str(data["completeness"]), unproved, tuple(map(str, data["remarks"])))


def _search(problem: Problem, progress: Progress | None, effort: Effort, near: Limit | None) -> Starts:
    from symrelu.finding.search import search

    candidates, report = search(problem, effort.seed, float(effort.starts), progress, near)
    found: list[Start] = []
    unproved: list[tuple[str, str]] = []
    images = symmetries(problem)
    for number, candidate in enumerate(candidates, 1):
        if progress:
            progress(f"solving leading systems: {number} of {len(candidates)}")
        try:
            found.append(guided_start(problem, _diagonal(problem, Guide.of(candidate), images)))
        except (SymreluError, NotASquare) as error:
            unproved.append((candidate.text(), str(error)))
    if not found and not unproved:
        set_aside = "; ".join(report.remarks()[:MOST_REMARKS])
        raise NoFamily(report.completeness() + (f"; set aside: {set_aside}" if set_aside else ""))
    completeness = ("near this limit " if near is not None else "") + report.completeness()
    found = up_to_rotations(problem, found)
    return Starts(numbered(problem, found), completeness, tuple(unproved), tuple(report.remarks()))


def nothing_found(key: FamilyKey, error: NoFamily) -> NoFamily:
    """That no family was found, with what was tried; where an ansatz is excluded, that this alone is."""
    over = f" with limit {key.limit_text()}" if key.limit is not None else ""
    setting = f" ({key.setting.label()})" if key.setting.label() else ""
    if isinstance(error, Contradiction) and error.excluded:
        return NoFamily(
            f"no family {error.excluded} of type {key.isotropy.label()}{over}{setting} exists: the leading-order "
            "equations contradict each other; families with other exponents are not excluded: leave the limit out to "
            "search for them"
        )
    return NoFamily(f"no family of type {key.isotropy.label()}{over}{setting} was found: {error}")


def _refuse_rays(problem: Problem) -> None:
    """NoFamily where the loss grows along every ray: a student that is nowhere positive, a target nowhere negative."""
    nonnegative = problem.kernel in (RELU, ABS)
    if nonnegative and problem.alpha is not None and set(problem.alpha) == {-1} and min(problem.teacher.beta) > 0:
        raise NoFamily(
            "proved: with every entry of the second layer -1 the student is nowhere positive and the target nowhere "
            "negative, so the loss grows along every ray c*W, c > 0, and only W = 0 is left, where it is not "
            "differentiable; give a + among --alpha-signs"
        )


def chosen(key: FamilyKey, problem: Problem, progress: Progress | None = None) -> Start:
    """The start of the family that a key singles out.

    Raises NoFamily if there is none there; SeveralFamilies if there are several and the key names no branch; BadInput
    for the number of a branch that does not exist.
    """
    try:
        found = starts_of(key, problem, progress)
    except NoFamily as error:
        raise nothing_found(key, error) from None
    if not found.starts:
        reasons = "; ".join(dict.fromkeys(f"{what}: {why}" for what, why in found.unproved))
        raise nothing_found(key, NoFamily(f"curves were found, but not derived: {reasons}"))
    where = f"over the limit {key.limit_text()}" if key.limit is not None else "of this type"
    if key.branch is None and len(found.starts) > 1:
        raise SeveralFamilies(
            f"{len(found.starts)} families of {key.isotropy.label()} were found {where}: "
            f"{listed(problem, found.starts)}; choose one with --branch K",
            len(found.starts),
        )
    number = key.branch or 1
    if number > len(found.starts):
        count = len(found.starts)
        raise BadInput(
            f"branch {number} was asked for, but {count} famil{'y was' if count == 1 else 'ies were'} found {where} "
            f"({found.completeness}); give a branch from 1 to {count}"
        )
    return found.starts[number - 1]


def starts_of(key: FamilyKey, problem: Problem, progress: Progress | None = None, effort: Effort = USUAL) -> Starts:
    """The starts over the key's limit, or all that a search finds where it has none."""
    _refuse_rays(problem)
    if key.limit is None:
        return all_starts(problem, progress, effort)
    if problem.dim > len(key.limit):
        ones = [QPI(1)] * (problem.dim - len(key.limit))
        constant = exact_point(problem, [*map(QPI, key.limit), *ones])
        if constant is not None:
            return Starts((constant,), "proved: the limit, with alpha = 1, is a critical point for every d")
        first = NoFamily("the second layer is a variable, whose limits are searched for")
        return _searched_over(problem, key.limit, first, progress, effort)
    return starts_over(problem, key.limit, progress, effort)


def listed(problem: Problem, starts: Sequence[Start]) -> str:
    """The branches in a line: number and leading loss of each."""
    parts = []
    for number, start in enumerate(starts, 1):
        loss = loss_in_balls(problem, start)
        terms = [f"{_float(loss, i):+.5g}" + (f" t**{i}" if i else "") for i in range(3) if i < (loss.precision or 3)]
        parts.append(f"branch {number} with loss {' '.join(terms)} ...")
    return "; ".join(parts)


def _float(x: Series, power: int) -> float:
    value = x[power] if x.precision is None or power < x.precision else 0
    with working_bits(64):
        return float(x.field.ball(x.field(value), 64).mid()) if value else 0.0
