"""The annihilation story in one table: where families are minima, and what one or two neurons more do to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING, Any

from symrelu import __version__
from symrelu.columns import aligned
from symrelu.errors import NoFamily, SymreluError
from symrelu.exact.series import Series
from symrelu.paths.evaluation_result import Number
from symrelu.paths.path import exact
from symrelu.series.lifting import Progress
from symrelu.splitting.real_k import widths
from symrelu.splitting.result import Widths

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.paths.threshold_result import Thresholds

THRESHOLD_DIGITS = 10
MORE = (0, 1, 2)
LIKES = ("d-4,4:+,-", "d-3,3:-,+", "d-4,4:-,+")  # minima with k = d that the theorem does not name
GROWN = (("2a", 2), ("3a", 2), ("4", 1), (LIKES[0], 1), ("1b", 1), ("3b", 1), (LIKES[1], 1), (LIKES[2], 1))
NEAR_END = Fraction(1, 1000)  # how near to its end, relatively, a path is searched for thresholds where Newton fails
NOTHING = 1e-9  # ranges of d that are relatively shorter are none
SHOWN = 8
LEADING = 3  # losses are looked at through t**(LEADING - 1)
NOTES = (
    "minimum for: between the d at which eigenvalues change sign, down to the end of the path; numerical (symrelu",
    "thresholds proves it). index, k + n: negative directions with n neurons more by splitting; loss and network stay.",
    "loss with k + 1 at most: by a neuron that leaves 0 towards the best target.",
)
GROWN_NOTE = (
    "+1, +2: with one or two fixed rows more that tend to 0 as d grows, families of their own, numbered by their loss."
)


@dataclass(frozen=True)
class AnnihilationRow:
    """One family. kind: for all large d. leading: of the loss, as d grows. last_threshold: the largest d at which, with
    its own neurons, an eigenvalue changes sign (None: none down to where its path or its isotypic components end).
    minima: the ranges (low, high) of d in which it is a minimum, high None for all large d. ends_at,
    ends: where its path ends as d falls, and in what. at: what splitting makes of it at the table's d, None (with the
    reason in ``absent``) where it does not exist there. type: as the command line takes it.
    """

    name: str
    type: str
    k: str
    kind: str
    leading: str
    last_threshold: Any
    minima: tuple[tuple[Any, Any], ...]
    ends_at: Any
    ends: str
    at: Widths | None
    absent: str = ""

    def to_json(self) -> dict[str, Any]:
        """The row as plain data."""
        at = self.at
        return {
            "family": self.name,
            "type": self.type,
            "k": self.k,
            "kind_at_large_d": self.kind,
            "leading_loss": self.leading,
            "last_threshold": None if self.last_threshold is None else Number(self.last_threshold).text(SHOWN),
            "minimum_for": [[_decimal(low), None if high is None else _decimal(high)] for low, high in self.minima],
            "ends_at": _decimal(self.ends_at),
            "ends": self.ends,
            "loss": None if at is None else at.loss.text(at.digits),
            "widths": []
            if at is None
            else [
                {
                    "more": more,
                    "least_negative": str(wide.least),
                    "most_negative": str(wide.most),
                    "verdict": wide.verdict,
                }
                for more, wide in ((n, at.at(at.k + n)) for n in MORE)
            ],
            "loss_with_one_more_at_most": None if at is None else _bound(at).text(at.digits),
            "absent": self.absent,
        }


@dataclass(frozen=True, repr=False)
class Annihilation:
    """Families at one d with k, k + 1 and k + 2 neurons, the further ones by splitting: numerical."""

    d: Fraction
    rows: tuple[AnnihilationRow, ...]
    version: str = __version__

    def text(self) -> str:
        """The table."""
        return text_of(self.to_json())

    __str__ = text

    def to_json(self) -> dict[str, Any]:
        """The table as plain data."""
        return {"d": str(self.d), "families": [row.to_json() for row in self.rows], "version": self.version}


def text_of(data: Mapping[str, Any]) -> str:
    """The table of :meth:`Annihilation.to_json` as text."""
    heads = ["family", "k", "loss, large d", "minimum for", "ends at d =", f"loss at d = {data['d']}"]
    rows = [(*heads, *(f"index, k + {n}" for n in MORE), "loss with k + 1 at most")]
    grown = False
    for row in data["families"]:
        grown |= " +" in row["family"]
        head = (row["family"], row["k"], row["leading_loss"])
        since = ranges_text(row["minimum_for"])
        ends = f"{row['ends_at']} ({row['ends']})"
        if row["loss"] is None:
            rows.append((*head, since, ends, "-", *("-" for _ in MORE), "-"))
            continue
        indices = (_index(wide["least_negative"], wide["most_negative"]) for wide in row["widths"])
        bound = _short(row["loss_with_one_more_at_most"])
        rows.append((*head, since, ends, _short(row["loss"]), *indices, bound))
    without = [f"{x['family']}: no line, since {x['reason']}" for x in data.get("without", [])]
    return "\n".join([*aligned(rows), "", *NOTES, *([GROWN_NOTE] if grown else []), *without])


def ranges_text(ranges: Sequence[Sequence[str | None]]) -> str:
    """Ranges of d in words."""
    words = [f"d > {low}" if high is None else f"{low} < d < {high}" for low, high in ranges]
    return ", ".join(words) or "no d"


def annihilation(
    chosen: Sequence[Family], d: Fraction | int, digits: int = 15, progress: Progress | None = None
) -> Annihilation:
    """The table of these families at one real d. Any families will do, k = d or not.

    A family that does not exist at d gets a line without its numbers there. Raises NoFamily for a family that does not
    exist at all, and BadInput for a d or digits that make no sense.
    """
    return Annihilation(Fraction(d), tuple(row_of(one, None, d, digits, progress) for one in chosen))


def annihilation_data(
    d: Fraction | int, digits: int = 15, with_extra: bool = False, progress: Progress | None = None
) -> dict[str, Any]:
    """The table of the named families as plain data, with :func:`grown_families` too if ``with_extra``; then it is
    kept in the store.
    """
    from symrelu.families import families, family
    from symrelu.store.kept import kept_data

    d = Fraction(d)
    if not with_extra:
        return annihilation(families(), d, digits, progress).to_json()

    def made() -> dict[str, Any]:
        likes = [(one.name, one) for one in families()] + [(name, family(name)) for name in LIKES]
        rows, without = [], []
        for name, one in (*likes, *grown_families(progress)):
            try:
                rows.append(row_of(one, name, d, digits, progress))
            except SymreluError as error:
                without.append({"family": name, "type": _type(one), "reason": str(error)})
        return {**Annihilation(d, tuple(rows)).to_json(), "without": without}

    return kept_data("annihilation", {"d": str(d), "digits": digits}, made)


def row_of(
    one: Family, name: str | None, d: Fraction | int, digits: int = 15, progress: Progress | None = None
) -> AnnihilationRow:
    """The line of one family, under this name (default: its own, or its type)."""
    end, at, absent = one.path(progress).end(), None, ""
    if one.path().is_constant or exact(end.d) < d:
        at = widths(one, d, digits, progress=progress)
    else:
        absent = end.short()
    found, kind = _thresholds(one, progress), _kind(one)
    return AnnihilationRow(
        name=name or one.name or one.key.label(),
        type=_type(one),
        k=str(one.actual.isotropy.k),
        kind=kind,
        leading=leading_loss(one),
        last_threshold=max((t.d for t in found.thresholds), default=None) if found else None,
        minima=_minima(one, kind, found, end.d),
        ends_at=end.d,
        ends=end.kind,
        at=at,
        absent=absent,
    )


def grown_families(progress: Progress | None = None) -> Iterator[tuple[str, Family]]:
    """Families with k = d + 1 and k = d + 2 near the minima with k = d: (name, family).

    Over the bulk limit +1: 2a, 3a, 4 and its like with m = 4, with one fixed row more, and 2a and 3a with two (near the
    minima that 3a becomes, none is found). Over the bulk limit -1: 1b, 3b and their likes with m = 3, 4, with one row
    more (near 2b there is none whose last row vanishes). They come from :func:`symrelu.growing.with_one_row_more`; what
    it does not find is not listed. Takes some minutes the first time.
    """
    from symrelu.families import family
    from symrelu.growing import with_one_row_more

    for base, rows in GROWN:
        level = [family(base)]
        for more in range(1, rows + 1):
            grown: list[Family] = []
            for one in level:
                try:
                    found = with_one_row_more(one, progress).families
                except NoFamily:
                    continue
                grown += [f for f in found if not any(_same(f, g) for g in grown)]
            for number, one in enumerate(grown, 1):
                yield f"{base} +{more}" + (f" ({number})" if len(grown) > 1 else ""), one
            level = grown


def _same(f: Family, g: Family) -> bool:
    """Whether two families of one type start alike, to the digits of floats."""
    return all(
        abs(_float(x, n) - _float(y, n)) <= 1e-9 * (1 + abs(_float(x, n)))
        for x, y in zip(f.start.entries, g.start.entries, strict=True)
        for n in range(4)
    )


def _float(x: Series, power: int) -> float:
    from symrelu.exact.balls import working_bits

    with working_bits(64):
        return float(x.field.ball(x.field(x[power]), 64).mid())


def leading_loss(one: Family) -> str:
    """The leading term of the loss for large d: exact if short, else as a decimal."""
    if one.start.exact and one.start.ramification == 2 and (loss := one.series(LEADING - 1).loss).is_exact_zero:
        return "0"
    r = one.start.ramification // 2
    loss = one.series(r * (LEADING - 1)).loss
    if loss.is_exact_zero:
        return "0"
    if not loss.coefficients:
        return f"O(1/d**{(LEADING - 1) / 2:g})"
    power = Fraction(loss.valuation, one.start.ramification)
    text = loss.field.text(loss.leading) if not hasattr(loss.leading, "enclosure") else ""
    if not text or len(text) > 20:
        text = f"{_float(loss, loss.valuation):.7g}"
    at = "" if not power else "/d" if power == 1 else f"/d**({power})"
    return f"({text}){at}" if at and " " in text else f"{text}{at}"


def _kind(one: Family) -> str:
    try:
        return "minimum" if one.name == "1a" else one.kind_at_large_d()
    except SymreluError:
        return "undecided"


def _thresholds(one: Family, progress: Progress | None) -> Thresholds | None:
    """The numerical thresholds; None where the end of the path is not known."""
    if one.path().end().kind == "lost":
        return None
    try:
        return one.thresholds(THRESHOLD_DIGITS, progress=progress, prove=False)
    except NoFamily:  # too near the end of the path for Newton's method
        low = exact(one.path().end().d) * (1 + NEAR_END)
        return one.thresholds(THRESHOLD_DIGITS, low.limit_denominator(10**9), progress=progress, prove=False)


def _minima(one: Family, kind: str, found: Thresholds | None, end: Any) -> tuple[tuple[Any, Any], ...]:
    """The ranges of d in which no eigenvalue is negative: one point between each two sign changes tells."""
    if found is None:
        return ((end, None),) if kind == "minimum" else ()
    lowest = exact(found.followed_down_to)
    cuts = sorted({exact(t.d) for t in found.thresholds})
    ranges: list[tuple[Any, Any]] = []
    for low, high in zip([lowest, *cuts], [*cuts, None], strict=True):
        if high is not None and float(high) > float(low) * (1 + NOTHING):
            between = Fraction(sqrt(float(low) * float(high))).limit_denominator(10**6)
            values = [e for e in one.at(between, 8).eigenvalues if e.decided]
            minimum = bool(values) and not any(e.value < 0 for e in values)
        else:
            minimum = high is None and kind == "minimum"
        if minimum and ranges and ranges[-1][1] == low:
            ranges[-1] = (ranges[-1][0], high)
        elif minimum:
            ranges.append((low if low != lowest else end, high))
    return tuple(ranges)


def _type(one: Family) -> str:
    isotropy = one.key.isotropy
    blocks = ",".join(str(b).replace(" ", "") for b in isotropy.blocks)
    return f"--blocks {blocks} --rows {','.join(map(str, isotropy.rows))} --limit {one.limit_text()}"


def _index(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"


def _decimal(x: Any) -> str:
    """An mpmath number or a fraction, integers as such."""
    value = exact(x)
    return str(value) if value.denominator == 1 else _short(f"{float(value):.{SHOWN + 4}g}")


def _short(number: str) -> str:
    from mpmath import mpf

    return Number(mpf(number)).text(SHOWN)


def _bound(at: Widths) -> Number:
    """The least of L + s Phi(v) + s**2 kappa(v, v)/2 over s >= 0 and the targets v: for unit targets L - Phi(v)**2."""
    return Number(0 if at.zero_loss else at.loss_with_one_more)
