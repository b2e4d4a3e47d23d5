"""The types of the minima that descents ended in: how often each was met, beside its theory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from symrelu.descent.classified import Classified
from symrelu.descent.classify import ZERO_LOSS, classify, grouped, zero_loss
from symrelu.descent.statistics import mean_and_error, wilson
from symrelu.descent.training import Batch, Ended, Training, runs_of

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class MinimumType:
    """One type at one d: what it is, the ``runs`` that ended in it, of ``out_of`` runs, the ``kind`` of their ends, and
    the ``smallest`` eigenvalue of the Hessian by what is trained. ``predicted``: its share if each critical point of
    the types found were as likely (None where a type is no isolated point).
    """

    what: Classified
    runs: tuple[int, ...]
    out_of: int
    kind: str
    smallest: float | None
    predicted: float | None = None

    @property
    def count(self) -> int:
        """How many runs ended in it."""
        return len(self.runs)

    @property
    def share(self) -> float:
        """Their share of all runs."""
        return self.count / self.out_of

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the probability."""
        return wilson(self.count, self.out_of)

    @property
    def name(self) -> str:
        """The family, or the isotropy of what is no known family."""
        return self.what.family or f"new: {self.what.isotropy}"

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        what, interval = self.what, self.interval
        return {
            "family": what.family,
            "type": what.type,
            "count": self.count,
            "loss": what.loss,
            "share": self.share,
            "interval": list(interval),
            "kind": self.kind,
            "isotropy": what.isotropy,
            "order": None if what.order is None else str(what.order),
            "broken": what.broken,
            "loss_limit": what.limit,
            "loss_class": what.loss_class,
            "smallest_eigenvalue": self.smallest,
            "multiplicity": None if what.multiplicity is None else str(what.multiplicity),
            "share_by_multiplicity": self.predicted,
            "distance": what.distance,
            "reason": what.reason,
            "notes": list(what.notes),
            "runs": list(self.runs),
        }


@dataclass(frozen=True, eq=False)
class TypesAt:
    """All types found at one d, with the losses ascending; ``ended``: every run.

    ``target`` and its ``symmetry``, in words.
    """

    d: int
    k: int
    target: str
    symmetry: str
    types: tuple[MinimumType, ...]
    ended: tuple[Ended, ...]

    @property
    def runs(self) -> int:
        """The number of runs."""
        return len(self.ended)

    @property
    def unfinished(self) -> int:
        """Runs that had not ended when the steps allowed were taken."""
        return sum(one.kind == "unfinished" for one in self.ended)

    @property
    def bad(self) -> int:
        """Runs that ended elsewhere than at zero loss; those unfinished are not among them."""
        return sum(one.count for one in self.types if not one.what.is_global)

    @cached_property
    def mean_loss(self) -> tuple[float, float]:
        """The mean loss at convergence of the runs that ended, and its standard error."""
        return mean_and_error([_zero(one.loss) for one in self.ended if one.kind != "unfinished"] or [float("nan")])

    @cached_property
    def mean_bad_loss(self) -> tuple[float, float] | None:
        """The same over the runs that ended elsewhere than at zero loss."""
        losses = [one.loss for one in self.ended if one.kind != "unfinished" and one.loss >= ZERO_LOSS]
        return mean_and_error(losses) if losses else None

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "d": self.d,
            "k": self.k,
            "runs": self.runs,
            "unfinished": self.unfinished,
            "spurious": self.bad,
            "mean_loss": self.mean_loss[0],
            "mean_loss_error": self.mean_loss[1],
            "mean_spurious_loss": self.mean_bad_loss and self.mean_bad_loss[0],
            "target": self.target,
            "target_symmetry": self.symmetry,
            "types": [{"d": self.d, "k": self.k, **one.to_json()} for one in self.types],
        }


def types_at(training: Training, batches: Sequence[Batch], progress: Progress | None = None) -> TypesAt:
    """The types of the minima of one d. Runs are grouped first; each group is classified once.

    ``training``: what was run; ``batches``: its batches at this d.
    """
    d, k = batches[0].d, batches[0].k
    fitted = training.fitted(d)
    ended = runs_of(batches)
    places = [(batch, number) for batch in batches for number in range(len(batch.points))]
    members: dict[tuple[int, int], list[Ended]] = {(id(b), n): [] for b, n in places}
    for batch in batches:
        for one in batch.runs:
            if one.point is not None:
                members[id(batch), one.point].append(one)
    points = [batch.points[number] for batch, number in places]
    losses = [members[id(batch), number][0].loss for batch, number in places]
    found: dict[tuple[Any, ...], tuple[Classified, list[Ended]]] = {}

    def add(what: Classified, runs: Sequence[Ended]) -> None:
        key = (what.is_global, *(() if what.is_global else what.key), runs[0].kind == "critical")
        known = found.setdefault(key, (what, []))
        known[1].extend(runs)
        if known[0].isotropy != what.isotropy:  # networks of zero loss that are no order of one another
            various = replace(known[0], isotropy="various", order=None, broken=None, multiplicity=None)
            found[key] = (various, known[1])

    for group in grouped([W for W, _ in points], [alpha for _, alpha in points], losses):
        if progress:
            progress(f"d = {d}: what the point of loss {group.loss:.6g} is")
        runs = [one for m in group.members for one in members[id(places[m][0]), places[m][1]]]
        add(classify(group.weights, fitted, group.alpha, group.loss, progress=progress), runs)
    target = [one for one in ended if one.kind == "target"]
    if target:
        add(zero_loss(k, fitted), target)
    types = [
        MinimumType(
            what,
            tuple(sorted(one.run for one in runs)),
            len(ended),
            "critical" if any(one.kind == "critical" for one in runs) else runs[0].kind,
            min((one.smallest for one in runs if one.smallest is not None), default=None),
        )
        for what, runs in found.values()
    ]
    return TypesAt(d, k, fitted.label, fitted.symmetry.label(), _with_predictions(types), tuple(ended))


def _with_predictions(types: Sequence[MinimumType]) -> tuple[MinimumType, ...]:
    total = sum(one.what.multiplicity or 0 for one in types)
    isolated = all(one.what.multiplicity is not None for one in types)
    told = [
        MinimumType(
            one.what,
            one.runs,
            one.out_of,
            one.kind,
            one.smallest,
            (one.what.multiplicity or 0) / total if isolated and total else None,
        )
        for one in types
    ]
    return tuple(sorted(told, key=lambda one: (one.what.loss, one.name)))


def _zero(loss: float) -> float:
    return 0.0 if loss < ZERO_LOSS else loss


__all__ = ["MinimumType", "TypesAt", "types_at"]
