"""A family at one real d: entries, loss and the whole spectrum, to as many digits as are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu.errors import BadInput, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.paths.eigenvalues import Value, spectrum_at
from symrelu.paths.equations import meaningless_below
from symrelu.paths.evaluation_result import EvaluatedEigenvalue, Evaluation, Number
from symrelu.paths.newton import newton_step
from symrelu.paths.path import Path
from symrelu.paths.start import evaluate

if TYPE_CHECKING:
    from symrelu.families import Family

MAX_DIGITS = 2000
GUARD, MORE = 12, 15  # digits at work beyond those asked; and beyond these, for the evaluation that checks them
ATTEMPTS = 5
RADIUS_TERMS = 9  # exact terms that the radius is estimated from, at least


@dataclass(frozen=True)
class _Once:
    """One evaluation at one precision."""

    entries: list[Scalar]
    loss: Scalar
    spectrum: list[Value]


def evaluation(
    family: Family,
    d: Fraction,
    digits: int,
    layers: int = 2,
    truncate: int | None = None,
    say: Callable[[str], None] | None = None,
    with_radius: bool = False,
) -> Evaluation:
    """The family at d with all digits asked right: computed with guard digits, and again with more from a Newton step
    at that precision; digits are added until the two agree.

    Raises BadInput for digits, layers or a d that make no sense, NoFamily below the end of the path, and Undecided if
    the digits of an entry or the loss do not come out; an eigenvalue whose digits do not (it may be 0) is marked.
    """
    if not 1 <= digits <= MAX_DIGITS:
        raise BadInput(f"{digits} digits were asked for; give a number between 1 and {MAX_DIGITS}")
    if layers not in (1, 2):
        raise BadInput(f"{layers} layers were given; 2 trains both, 1 the first alone with the second fixed at 1")
    path = family.path(say)
    path.check(d)
    guard = GUARD + 3 * len(str(int(d)))
    for _ in range(ATTEMPTS):
        rough, fine, exact = _twice(path, d, digits + guard, layers, say)
        undecided = _undecided(rough, fine, digits, exact)
        if not undecided:
            break
        guard += digits + GUARD
    numbers = [path.problem.names[i] if isinstance(i, int) else i for i in undecided if not isinstance(i, tuple)]
    if numbers:
        raise Undecided(
            f"{', '.join(numbers)} at d = {d} did not come out to {digits} digits with {digits + guard} at work: a "
            "number that is 0, or a point too near the end of the path; ask for another d, or for fewer digits"
        )
    values = [
        Number(_plain(y), None if exact or y == 0 else _plain(abs(x - y)))
        for x, y in zip(path.of_asked(rough.entries), path.of_asked(fine.entries), strict=True)
    ]
    loss = Number(_plain(fine.loss), None if fine.loss == 0 else _plain(abs(rough.loss - fine.loss)))
    eigenvalues = [
        EvaluatedEigenvalue(
            y.component.name,
            y.branch,
            y.multiplicity,
            Number(_plain(y.value), None if isinstance(y.value, int) else _plain(abs(x.value - y.value))),
            (y.component, y.branch) not in undecided,
        )
        for x, y in zip(rough.spectrum, fine.spectrum, strict=True)
    ]
    negative, zero, positive = _counts(path, d, eigenvalues)
    found = Evaluation(
        key=family.key,
        d=d,
        digits=digits,
        layers=layers,
        entries=dict(zip(family.problem.names, values, strict=True)),
        loss=loss,
        eigenvalues=tuple(eigenvalues),
        negative=negative,
        zero=zero,
        positive=positive,
        radius=path.radius(RADIUS_TERMS) if with_radius else None,
    )
    return found if truncate is None else _truncated(family, found, truncate, say)


def _twice(
    path: Path, d: Fraction, digits: int, layers: int, say: Callable[[str], None] | None
) -> tuple[_Once, _Once, bool]:
    """The evaluation at two precisions, the second from the first by a Newton step; whether the entries are exact."""
    first, second = MpmathArithmetic(digits), MpmathArithmetic(digits + MORE)
    if say:
        say(f"the critical point to {digits} digits")
    values = path.point(d, first)
    exact = path.is_constant or (path._end is not None and path._end.corner is not None and path._end.corner[0] == d)
    better = [second.context.mpf(x) for x in values]
    if not exact:
        step = newton_step(path.problem, second, better, second.rational(d))
        better = [x - s for x, s in zip(better, step, strict=True)]
    if say:
        say("its spectrum")
    return _once(path, first, values, d, layers, exact), _once(path, second, better, d, layers, exact), exact


def _once(
    path: Path, arithmetic: MpmathArithmetic, values: list[Scalar], d: Fraction, layers: int, exact: bool
) -> _Once:
    two = meaningless_below(path.isotropy, 2)
    spectrum = []
    if two is None or d >= two[0]:
        spectrum = spectrum_at(path.problem, arithmetic, values, d, layers, path.numbering())
    # entries that are exact are those of the target, with its rows permuted
    loss = arithmetic.context.zero if exact else path.problem.at(arithmetic, values, arithmetic.rational(d)).loss()
    return _Once(values, loss, spectrum)


def _undecided(rough: _Once, fine: _Once, digits: int, exact: bool) -> set[Any]:
    """The numbers whose digits are not all right yet."""
    wrong: set[Any] = set()
    pairs: list[tuple[Any, Scalar, Scalar]] = [("loss", rough.loss, fine.loss)]
    if not exact:
        pairs += [(i, x, y) for i, (x, y) in enumerate(zip(rough.entries, fine.entries, strict=True))]
    pairs += [((y.component, y.branch), x.value, y.value) for x, y in zip(rough.spectrum, fine.spectrum, strict=True)]
    for name, x, y in pairs:
        if abs(x - y) * 10 ** (digits + 1) > abs(y):
            wrong.add(name)
    return wrong


def _counts(path: Path, d: Fraction, eigenvalues: Sequence[EvaluatedEigenvalue]) -> list[int | None]:
    """How many eigenvalues are negative, zero and positive, with multiplicity; None where that has no meaning."""
    sizes = [Fraction(n.at(d)) for n in path.isotropy.blocks]
    if any(n.denominator != 1 for n in sizes) or not all(e.decided for e in eigenvalues) or not eigenvalues:
        return [None, None, None]

    def count(wanted: int) -> int:
        return int(sum(e.multiplicity for e in eigenvalues if (e.value > 0) - (e.value < 0) == wanted))

    return [count(-1), count(0), count(1)]


def _truncated(family: Family, found: Evaluation, order: int, say: Callable[[str], None] | None) -> Evaluation:
    """The values of the series through t**order, with their true errors."""
    series = family.series(order, say)
    arithmetic = MpmathArithmetic(found.digits + GUARD + 3 * len(str(int(found.d))))
    spectrum = {(e.component.name, e.branch): e for e in family.spectrum(order, found.layers, say).eigenvalues}

    def number(x: Any, true: Number) -> Number:
        (value,) = evaluate([x.exact()], found.d, arithmetic)
        return Number(_plain(value), _plain(value - arithmetic.context.mpf(true.value)))

    return replace(
        found,
        entries={name: number(x, found.entries[name]) for name, x in series.entries.items()},
        loss=number(series.loss, found.loss),
        eigenvalues=tuple(
            replace(e, number=number(spectrum[e.component, e.branch].series, e.number)) for e in found.eigenvalues
        ),
        truncated=order,
        radius=family.path().radius(RADIUS_TERMS),
    )


def _plain(x: Scalar) -> Any:
    """The number as an ordinary mpmath.mpf, all digits kept."""
    import mpmath

    return mpmath.mp.make_mpf(x._mpf_) if hasattr(x, "_mpf_") else mpmath.mpf(x)
