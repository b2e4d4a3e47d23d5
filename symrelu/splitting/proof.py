"""Proofs in balls: how many negative directions D of a row has, at one d or for every real d from some d on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from symrelu import __version__
from symrelu.columns import aligned
from symrelu.errors import SymreluError, Undecided
from symrelu.exact.arithmetic import BallArithmetic
from symrelu.exact.balls import ball, working_bits
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.proof.inertia import ball_of, negative_pivots, pivots
from symrelu.proof.pieces import BITS
from symrelu.proof.tube import t_of
from symrelu.series.lifting import Progress
from symrelu.splitting.split import RowBlock, row_blocks
from symrelu.symmetry.isotypic import Component, Dimension

if TYPE_CHECKING:
    from symrelu.families import Family


@dataclass(frozen=True)
class ProvedBlock:
    """How many eigenvalues of one block of D, for the rows of one orbit (from 0), are negative: at least ``least``, and
    exactly as many if ``exact``. Each counts ``multiplicity`` times.
    """

    row: int
    component: Component
    multiplicity: Dimension
    least: int
    exact: bool


@dataclass(frozen=True)
class WidthProof:
    """How many negative directions splitting a neuron of each row orbit adds, for every real d from ``from_d`` on.

    ``label``: of the family. ``blocks``: of every row orbit, with the number of eigenvalues proved negative.
    ``rests_on``: what the proof assumes, "" for nothing.
    """

    label: str
    name: str | None
    from_d: Fraction
    blocks: tuple[ProvedBlock, ...]
    rests_on: str = ""
    version: str = __version__

    def always_saddle(self, row: int | None = None) -> bool:
        """Whether splitting any neuron (of that row orbit, from 0) is proved to give a saddle, for all d >= from_d."""
        rows = {b.row for b in self.blocks} if row is None else {row}
        return all(
            any(b.row == r and b.least and b.multiplicity.present(self.from_d) for b in self.blocks) for r in rows
        )

    def text(self) -> str:
        """The proof's result as a table."""
        lines = [
            f"family {self.label}: negative eigenvalues of D = Phi''(w), proved for every real d >= {self.from_d}",
            "",
        ]
        rows = [("row orbit", "component", "multiplicity", "negative eigenvalues")]
        for b in self.blocks:
            count = str(b.least) if b.exact else f"at least {b.least}"
            rows.append((str(b.row + 1), b.component.name, str(b.multiplicity), count))
        lines += [*aligned(rows), ""]
        if self.always_saddle():
            lines.append(
                "so for every real d in this range, splitting any neuron gives a saddle of the same loss, for every "
                "real k > d"
            )
        else:
            rest = sorted({b.row + 1 for b in self.blocks if not self.always_saddle(b.row)})
            lines.append(f"not proved to give saddles: splitting a neuron of row orbit {', '.join(map(str, rest))}")
        if self.rests_on:
            lines.append(f"rests on: {self.rests_on}")
        return "\n".join(lines)

    __str__ = text

    def to_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "family": self.name,
            "from_d": str(self.from_d),
            "splitting": [
                {
                    "row_orbit": b.row + 1,
                    "component": b.component.name,
                    "multiplicity": str(b.multiplicity),
                    "negative": b.least,
                    "exact": b.exact,
                }
                for b in self.blocks
            ],
            "every_splitting_is_a_saddle": self.always_saddle(),
            "rests_on": self.rests_on or None,
            "version": self.version,
        }


def _signed(x: object) -> bool:
    enclosure = ball_of(x)
    return bool(enclosure > 0 or enclosure < 0)


def proved_at(problem: Problem, entries: Sequence[arb], d: Fraction, bits: int) -> list[ProvedBlock]:
    """The inertia of every block of D at one d; ``entries``: balls around the coordinates, the critical point in them.

    Blocks absent at d are left out. Raises UndecidedBlock where the balls do not decide a sign.
    """
    found = []
    with working_bits(bits):
        point = problem.at(BallArithmetic(bits), list(entries), ball(d))
        for row in range(len(problem.space.isotropy.rows)):
            for block in row_blocks(point, row):
                if not block.dimension.present(d):
                    continue
                form = block.modulo_row(_signed)
                count = negative_pivots(form, block.component) if form else 0
                found.append(ProvedBlock(row, block.component, block.dimension, count, True))
    return found


def proved_from(family: Family, d: Fraction, progress: Progress | None = None) -> WidthProof:
    """For every block of D a number of negative eigenvalues that it has for *every* real dimension from ``d`` on.

    Along the certified path of the family: on each piece the decided pivots of the block count (Sylvester), so the
    least of these counts is proved; ``exact`` where every pivot of every piece has a decided sign, the same number of
    them negative. Raises BadInput where block sizes are meaningless, BrokenOff where the path cannot be certified down
    to d, and Undecided for a family that does not depend on d.
    """
    prover = family.prover()
    prover.check(d, range_below=True)
    if prover.is_constant:
        raise Undecided(f"{family.key.label()} does not depend on d: its forms of splitting are exact, see the series")
    tube = prover.tube(t_of(d), False, progress)
    points = [tube.tail_point] + [
        point for piece, point in zip(tube.pieces, tube.points, strict=True) if piece.t_from**2 * d <= 1
    ]
    counts: dict[tuple[int, Component], tuple[Dimension, list[tuple[int, bool]]]] = {}
    with working_bits(BITS):
        for n, point in enumerate(points):
            if progress:
                progress(f"signs of the forms of splitting: piece {n + 1} of {len(points)}")
            for row, block in _blocks(point):
                _, seen = counts.setdefault((row, block.component), (block.dimension, []))
                seen.append(_decided(block))
    blocks = tuple(
        ProvedBlock(row, component, dimension, min(n for n, _ in seen), len(set(seen)) == 1 and seen[0][1])
        for (row, component), (dimension, seen) in counts.items()
    )
    return WidthProof(family.key.label(), family.name, d, blocks, prover.lifted.proof.rests_on)


def _blocks(point: ReducedPoint) -> list[tuple[int, RowBlock]]:
    return [(row, block) for row in range(len(point.space.isotropy.rows)) for block in row_blocks(point, row)]


def _decided(block: RowBlock) -> tuple[int, bool]:
    """How many pivots of a block are proved negative, and whether all pivots are decided."""
    form = block.modulo_row(_signed)
    if not form:
        return 0, True
    try:
        found = pivots(form)
    except SymreluError:
        return 0, False
    decided = [p for p in found if p > 0 or p < 0]
    return sum(1 for p in decided if p < 0), len(decided) == len(form)
