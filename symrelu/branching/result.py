"""The branches at the thresholds of a family as a value: printable, and plain data for programs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu import __version__
from symrelu.branching.follow import Kind
from symrelu.catalogue import FamilyKey
from symrelu.columns import aligned
from symrelu.exact.decimals import decimal_text
from symrelu.paths.trace import Node
from symrelu.proof.inertia import BlockIndex
from symrelu.results import young_json
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.multiplicity import group_order

LOSS_DIGITS, D_DIGITS, ENTRY_DIGITS = 8, 10, 15


@dataclass(frozen=True, eq=False)
class BranchPoint:
    """A point of a branch at one d, proved by Krawczyk's test: the only critical point of its type in its box.

    Attributes
    ----------
    d: rational. isotropy, names: the group H in whose fixed space the point lies, and its coordinates. entries: balls
    around them. amplitude: a ball around the difference of two entries that are equal at every point of the family's
    symmetry; it does not contain 0, so the point has less. indices: of the block of every component of H, proved; empty
    where undecided, and then ``reason`` says why. loss: a ball. loss_difference: the loss less that of the family's own
    point at the same d (found numerically, enclosed as well); None where the family has none. larger: at an integer d
    the block sizes of the larger group that the point shows up to the order of rows and columns, its entries being
    equal to 10 digits, or None; same_loss: a family of that group that has the same loss there, to 10 digits.
    """

    d: Fraction
    isotropy: Isotropy
    names: tuple[str, ...]
    entries: tuple[arb, ...]
    amplitude: arb
    indices: tuple[BlockIndex, ...]
    reason: str
    loss: arb
    loss_difference: arb | None
    larger: tuple[int, ...] | None = None
    same_loss: str | None = None

    @property
    def verdict(self) -> str:
        """Proved: "minimum" (of the loss on all of M(k, d)) or "saddle"; or "undecided". At a d that is no integer of
        the formal blocks.
        """
        if not self.indices:
            return "undecided"
        return "saddle" if any(i.negative for i in self.indices) else "minimum"

    @property
    def negative(self) -> int | None:
        """The number of negative directions with multiplicity, at an integer d."""
        if not self.indices or self.d.denominator != 1:
            return None
        return sum(i.negative * i.component.dimension(self.isotropy).at(int(self.d)) for i in self.indices)

    @property
    def larger_group(self) -> str | None:
        """The larger group in words, such as "Delta(S_6 x S_3)"; None if there is none."""
        return None if self.larger is None else f"Delta({' x '.join(f'S_{n}' for n in self.larger)})"

    def directions(self) -> str:
        """The negative eigenvalues by component, such as "x1, 2 of s1"."""
        found = [(i.negative, i.component.name) for i in self.indices if i.negative]
        return ", ".join(name if n == 1 else f"{n} of {name}" for n, name in found) or "none"

    def to_json(self) -> dict[str, Any]:
        """The point as plain data."""
        return {
            "d": _exact_decimal(self.d),
            "verdict": self.verdict,
            "reason": self.reason or None,
            "negative": self.negative,
            "larger_group": self.larger_group,
            "same_loss": self.same_loss,
            "components": {i.component.name: {"size": i.size, "negative": i.negative} for i in self.indices},
            "enclosure": {name: _ball(x) for name, x in zip(self.names, self.entries, strict=True)},
            "amplitude": _ball(self.amplitude),
            "loss": _ball(self.loss),
            "loss_difference": None if self.loss_difference is None else _ball(self.loss_difference),
        }


@dataclass(frozen=True, eq=False)
class HalfBranch:
    """One half of a branch, from the threshold in one direction of the kernel.

    Attributes
    ----------
    side: where it first goes, "below" or "above" the threshold. followed_to: the d at which following it ended, and
    stopped_because: why. folds: where it turns in d, and to which side, found numerically. points: certified, in the
    order in which the branch meets them. nodes: the course in floats, with the number of negative eigenvalues of the
    blocks at each node (None where they mean nothing) and amplitude.
    """

    side: str
    followed_to: float
    stopped_because: str
    folds: tuple[tuple[float, str], ...]
    points: tuple[BranchPoint, ...]
    nodes: tuple[tuple[Node, float, int | None], ...]

    def to_json(self) -> dict[str, Any]:
        """The half as plain data."""
        return {
            "side": self.side,
            "followed_to": f"{self.followed_to:.6g}",
            "stopped_because": self.stopped_because,
            "folds": [{"d": f"{d:.6g}", "turns_to": side} for d, side in self.folds],
            "points": [point.to_json() for point in self.points],
        }


@dataclass(frozen=True, eq=False)
class Branch:
    """The branch in one subgroup H.

    Attributes
    ----------
    isotropy: H. pair: the two coordinates (from 0) whose difference, the amplitude, measures it. kind: "transcritical"
    (d - d* has the sign of the amplitude) or "pitchfork" (both halves lie on one side), by the first points in floats.
    mirrored: both halves are the same points up to the order of rows and columns, and only one is listed. larger: its
    points have more symmetry than H (an exchange of parts of one size). halves: those that were followed.
    """

    isotropy: Isotropy
    pair: tuple[int, int]
    kind: Kind
    mirrored: bool
    larger: bool
    halves: tuple[HalfBranch, ...]

    @property
    def amplitude(self) -> str:
        """The difference of two entries that measures it, such as "a_7 - a_4"."""
        return f"a_{self.pair[0] + 1} - a_{self.pair[1] + 1}"

    def lines(self) -> list[str]:
        """The branch as lines of text."""
        notes = [self.kind] + ["both halves are the same up to order"] * self.mirrored
        notes += ["its points have more symmetry: an exchange of parts of one size"] * self.larger
        sizes = ",".join(str(size).replace(" ", "") for size in self.isotropy.blocks)
        lines = [f"  {self.isotropy.group_name()}  (blocks {sizes}): {'; '.join(notes)}"]
        for half in self.halves:
            turns = "".join(f", turns to {side} d near {d:.6g}" for d, side in half.folds)
            lines.append(f"    goes {half.side}{turns}; followed to d = {half.followed_to:.6g}: {half.stopped_because}")
            rows = [("d", "", "negative", "in", "loss - family's", self.amplitude, "")]
            for p in half.points:
                count = "" if p.negative is None else str(p.negative)
                where = p.directions() if p.indices else p.reason
                larger = f"of {p.larger_group}, up to order" if p.larger_group else ""
                larger += f": {p.same_loss}" if p.same_loss else ""
                numbers = (_short(p.loss_difference), _short(p.amplitude))
                rows.append((_exact_decimal(p.d), p.verdict, count, where, *numbers, larger))
            lines += ["      " + line for line in aligned(rows)] if half.points else ["      no point certified"]
        return lines

    def to_json(self) -> dict[str, Any]:
        """The branch as plain data."""
        return {
            "isotropy": {
                **young_json(self.isotropy),
                "order": str(group_order(self.isotropy)),
                "group": self.isotropy.group_name(),
            },
            "kind": self.kind,
            "amplitude": self.amplitude,
            "halves_equivalent": self.mirrored,
            "more_symmetry": self.larger,
            "halves": [half.to_json() for half in self.halves],
        }


@dataclass(frozen=True, eq=False)
class ThresholdBranches:
    """What was found at one threshold: ``d`` an mpmath number, the ``component`` that changes sign, the ``branches`` in
    its axial subgroups, the subgroups whose branch could not be followed (``not_followed``, with reasons), and what was
    ``not_searched``.
    """

    d: Any
    component: str
    branches: tuple[Branch, ...]
    not_followed: tuple[str, ...]
    not_searched: tuple[str, ...]

    def text(self) -> str:
        """What was found, as text."""
        lines = [f"at d* = {decimal_text(self.d, D_DIGITS)}, where {self.component} changes sign:"]
        for branch in self.branches:
            lines += branch.lines()
        lines += [f"  not followed: {words}" for words in self.not_followed]
        lines += [f"  not searched: {words}" for words in self.not_searched]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """What was found, as plain data."""
        return {
            "threshold": decimal_text(self.d, D_DIGITS),
            "component": self.component,
            "subgroups": [branch.to_json() for branch in self.branches],
            "not_followed": list(self.not_followed),
            "not_searched": list(self.not_searched),
        }


@dataclass(frozen=True, eq=False, repr=False)
class Branching:
    """The symmetry-breaking branches at the thresholds of a family, in the order of the thresholds.

    ``proved_thresholds``: whether the thresholds were proved, and with them that a branch leaves each one in every
    subgroup listed.
    """

    key: FamilyKey
    thresholds: tuple[ThresholdBranches, ...]
    proved_thresholds: bool
    version: str = __version__

    def text(self) -> str:
        """All branches as text, and what is proved about them."""
        lines = [f"branches that meet family {self.key.label()} at its thresholds"]
        for found in self.thresholds:
            lines += ["", found.text()]
        return "\n".join([*lines, "", self.statement()] if self.thresholds else [*lines, "", "no threshold, no branch"])

    __str__ = text

    def __repr__(self) -> str:
        return f"<Branching {self.key.label()}: {sum(len(t.branches) for t in self.thresholds)} branches>"

    def statement(self) -> str:
        """What is proved and what is not, in a few sentences."""
        lemma = (
            "Proved by the equivariant branching lemma: a branch leaves each threshold in each subgroup listed, for "
            "the kernel has one fixed direction there and the eigenvalue a simple zero. "
            if self.proved_thresholds
            else ""
        )
        return lemma + (
            "Proved in ball arithmetic: each point listed exists, is the only one of its type in its box, has not the "
            "family's symmetry, and has the index given (at a d that is no integer, of the formal blocks). Numerical: "
            "that it lies on the branch from the threshold, the kind of a branch, where it turns, larger groups, and "
            "the family of which a point is."
        )

    def to_json(self) -> list[dict[str, Any]]:
        """All branches as plain data: ``branches`` in the JSON of ``symrelu thresholds --branches``."""
        return [found.to_json() for found in self.thresholds]


def _exact_decimal(d: Fraction) -> str:
    """The d at which points are certified: decimals of few digits."""
    return f"{float(d):.12g}"


def _short(x: arb | None) -> str:
    return "" if x is None else str(x.mid().str(4, radius=False))


def _ball(x: arb) -> dict[str, str]:
    return {"mid": str(x.mid().str(ENTRY_DIGITS, radius=False)), "rad": f"{_radius(x):.2e}"}


def _radius(x: arb) -> float:
    """A bound on how far the ball reaches from its printed midpoint."""
    printed = arb(str(x.mid().str(ENTRY_DIGITS, radius=False)))
    return float(abs(x - printed).upper()) * (1 + 1e-9)
