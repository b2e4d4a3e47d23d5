"""The table of the region of three-block minima: for each d the range of real q, and the certified whole ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from flint import arb

from symrelu.errors import BadInput, Undecided
from symrelu.exact.balls import decimal, working_bits
from symrelu.proof.pieces import BITS
from symrelu.regions.certify import Certified, certify
from symrelu.regions.curve import entries_of, fixed_q
from symrelu.regions.region import FIRST_D, LARGEST_D, End, Progress, Region, Window, find_region
from symrelu.regions.sizes import THREE_BLOCKS
from symrelu.symmetry.isotypic import Component

EVERY_D_TO = 60  # in the table; above it these, and d_max
SOME_D = (80, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000, 10000, 20000)
SHOWN, LOSS_DIGITS, ENTRY_DIGITS = 8, 12, 30
LEAST_D_MAX = 25  # the region has both its corners below


@dataclass(frozen=True, eq=False)
class Row:
    """One d of the table: the window of real q there, and the points at its whole q that were certified."""

    window: Window
    certified: tuple[Certified, ...]

    @property
    def d(self) -> int:
        """The dimension."""
        return int(self.window.d)

    @property
    def minima(self) -> list[int]:
        """The whole q at which a minimum is proved."""
        return [point.q for point in self.certified if point.is_minimum]

    def to_json(self) -> dict[str, Any]:
        """The row as plain data."""
        window = self.window
        return {
            "d": self.d,
            "q_low": _text(window.low.q),
            "q_high": _text(window.high.q),
            "low_ends_by": _words(window.low.component),
            "high_ends_by": _words(window.high.component),
            "integers": list(window.integers),
            "certified": [
                {
                    "q": point.q,
                    "verdict": "minimum" if point.is_minimum else "saddle",
                    "loss": decimal(point.loss, LOSS_DIGITS),
                    "enclosure": {f"a_{i}": _ball(x) for i, x in enumerate(point.entries, 1)},
                }
                for point in self.certified
            ],
        }


@dataclass(frozen=True, eq=False)
class RegionTable:
    """The region, and its windows at some d. ``q``: the one size that was asked for, with the intervals of d on it."""

    region: Region
    rows: tuple[Row, ...]
    q: int | None = None
    intervals: tuple[tuple[End, End], ...] = ()

    def widening(self) -> float | None:
        """The exponent with which the windows grow: the slope of log(width of q) by log d over the last factor of 4."""
        last = self.rows[-1].window if self.rows else None
        if last is None or last.d < 400 or self.q is not None:
            return None
        earlier = self.region.windows(last.d / 4)[0]
        return log((last.high.q - last.low.q) / (earlier.high.q - earlier.low.q)) / log(4)

    def to_json(self) -> dict[str, Any]:
        """The table as plain data, for programs: decimals are strings."""
        start = self.region.start
        data: dict[str, Any] = {
            "isotropy": THREE_BLOCKS.group_name(),
            "k": "d",
            "d_max": _text(self.region.d_max),
            "found_at": {"q": start.q, "d": start.d, "loss": _text(start.loss), "starts_that_led_there": start.found},
            "corners": [
                {"q": _text(c.q), "d": _text(c.d), "components": [c.component.name, c.second.name]}
                for c in self.region.corners
            ],
            "boundary": [
                {
                    "component": edge.component.name,
                    "fold": edge.is_fold,
                    "points": [{"q": _text(n.q), "d": _text(n.d), "kappa": _text(n.kappa)} for n in edge.nodes],
                }
                for edge in self.region.edges
            ],
            "windows": [row.to_json() for row in self.rows],
            "widening_exponent": None if (exponent := self.widening()) is None else _text(exponent, 4),
            "evidence": "the windows are numerical, the points at whole sizes certified",
        }
        if self.q is not None:
            data["q"] = self.q
            data["intervals"] = [
                {
                    "d_low": _text(low.d),
                    "d_high": _text(high.d),
                    "low_ends_by": _words(low.component),
                    "high_ends_by": _words(high.component),
                }
                for low, high in self.intervals
            ]
        return data

    def text(self) -> str:
        """The table as text."""
        lines = [f"minima of isotropy {THREE_BLOCKS.group_name()}, k = d, followed up to d = {self.region.d_max:g}"]
        if self.q is not None:
            lines += [
                f"q = {self.q}: {low.d:.6f} < d < {high.d:.6f}, ({_words(low.component)}, {_words(high.component)})"
                for low, high in self.intervals
            ] or [f"q = {self.q}: no minimum for any real d up to there"]
        corners = ", ".join(f"q = {c.q:.5f}, d = {c.d:.5f}" for c in self.region.corners)
        lines += [
            f"the region begins at d = {self.region.least_d:.5f}; its corners are at {corners}",
            "",
            f"{'d':>6}  {'real q':^25}  {'ends by':<12}  {'kappa = (d/2 - q)/sqrt(d)':<25}  certified minima at q =",
        ]
        for row in self.rows:
            window = row.window
            kappas = [(window.d / 2 - q) / window.d**0.5 for q in (window.high.q, window.low.q)]
            ends = f"{_words(window.low.component)}, {_words(window.high.component)}"
            lines.append(
                f"{row.d:>6}  {window.low.q:>11.5f} .. {window.high.q:<10.5f}  {ends:<12}  "
                f"{kappas[0]:>11.6f} .. {kappas[1]:<10.6f}  {_listed(row)}"
            )
        exponent = self.widening()
        if exponent is not None:
            lines += ["", f"the windows widen about like d**{exponent:.2f} at the end of the table"]
        lines += [
            "",
            "fold: the minimum meets a saddle there; s1, ...: an eigenvalue of that component changes its sign.",
            "The windows are numerical. At the whole sizes listed, existence, uniqueness in a box, eleven different",
            "entries, positive loss and the signs of all eigenvalues are proved in ball arithmetic.",
        ]
        return "\n".join(lines)


def region_table(d_max: int = 1000, q: int | None = None, progress: Progress | None = None) -> RegionTable:
    """The region of three-block minima up to ``d_max``, and the certified points at whole sizes.

    Rows: every d from the least one of the region to 60, then some up to d_max; with ``q`` those whole d at which that
    q is in the window. Takes about a minute. Raises BadInput for d_max below 25 or above 20,000 or q below 2,
    Undecided where a certificate fails.
    """
    if not LEAST_D_MAX <= d_max <= LARGEST_D:
        raise BadInput(f"d-max {d_max} was given; give a whole number from {LEAST_D_MAX} to {LARGEST_D}")
    if q is not None and q < 2:
        raise BadInput(f"q = {q} was given; a block of q rows beside S_1 needs at least 2: try 6")
    say = progress or (lambda message: None)
    region = find_region(d_max, progress=progress)
    intervals: list[tuple[End, End]] = []
    if q is None:
        dimensions: Sequence[int] = [
            d for d in (*range(FIRST_D // 2, EVERY_D_TO + 1), *SOME_D) if region.least_d <= d < d_max
        ]
        dimensions = [*dimensions, d_max]
    else:
        intervals = _intervals(region, q)
        dimensions = [d for low, high in intervals for d in range(int(low.d) + 1, int(high.d) + 1)]
    rows = []
    for d in dimensions:
        for window in region.windows(d):
            say(f"certifying the minima at d = {d}")
            wanted = {at: y for at, y in window.points().items() if q is None or at == q}
            rows.append(Row(window, tuple(certify(entries_of(y), at, d) for at, y in wanted.items())))
    return RegionTable(region, tuple(rows), q, tuple(intervals))


def _intervals(region: Region, q: int) -> list[tuple[End, End]]:
    try:
        return region.crossed_by(fixed_q(q))
    except Undecided:
        raise BadInput(
            f"q = {q} is still in the region of minima at d = {region.d_max:g}; give a larger --d-max (try {4 * q})"
        ) from None


def _listed(row: Row) -> str:
    whole, proved = list(row.window.integers), row.minima
    if not whole:
        return "(no whole q)"
    if proved == whole and len(whole) > 2:
        return f"{whole[0]}..{whole[-1]}"
    return ", ".join(map(str, proved)) or "none"


def _words(component: Component) -> str:
    return "fold" if component.kind == "t" else component.name


def _ball(x: arb) -> dict[str, str]:
    """Decimals that enclose a ball."""
    with working_bits(BITS):
        mid, rad = x.str(ENTRY_DIGITS, more=True).strip("[]").split(" +/- ")
    return {"mid": mid, "rad": rad}


def _text(x: float, digits: int = SHOWN) -> str:
    return f"{float(x):.{digits}g}"
