"""How often each type is met as d grows: beside its multiplicity, the class of its loss, and the published counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import sqrt
from typing import Any

from symrelu.descent import public
from symrelu.descent.found_types import MinimumType, TypesAt
from symrelu.descent.statistics import binomial_tail, normal_tail, rank_correlation, two_proportions, wilson
from symrelu.descent.training import Training
from symrelu.model.dense import DenseLoss
from symrelu.model.setting import PAPER
from symrelu.symmetry.size import D

FALLS, STAYS = "Theta(1/d)", "Theta(1)"
CLASSES = ("0", FALLS, STAYS)
_TWO_BLOCKS = re.compile(r"--blocks d-(\d+),\1 --limit ([+-]),([+-])(?: --branch \d+)?")
_HIDDEN = ("1b", "2b", "3b")
CERTIFIED = 10  # for every real d from here on the named families are minima


@dataclass(frozen=True)
class Comparison:
    """One of our counts beside a published one: at ``d``, of ``what`` ends, ``ours`` of ``runs``, ``theirs`` of
    ``their_runs``; ``p`` of both having one probability (two-sided); ``source``.
    """

    d: int
    what: str
    ours: int
    runs: int
    theirs: int
    their_runs: int
    p: float
    source: str


@dataclass(frozen=True)
class Favour:
    """Which class of spurious minima descents favour: of ``falls + stays`` that ended in families whose loss falls like
    1/d, or tends to a constant, ``p`` is the probability of as many of the first if both were as likely (one-sided,
    exact binomial).
    """

    falls: int
    stays: int
    p: float


@dataclass(frozen=True)
class Pair:
    """Two minima of one isotropy group, hence of one multiplicity, over opposite limits: how many runs ended in each,
    over all d where both are minima; ``p`` as in :class:`Favour`. ``first``, ``second``: their names; ``counts``:
    those numbers.
    """

    first: str
    second: str
    counts: tuple[int, int]
    p: float


@dataclass(frozen=True, eq=False)
class Frequencies:
    """The tables of one training, one for each d, ascending."""

    training: Training
    tables: tuple[TypesAt, ...]

    @property
    def is_paper(self) -> bool:
        """Whether ReLU networks are fitted to V = I."""
        return self.training.matrix is None and self.training.setting == PAPER

    @property
    def is_square(self) -> bool:
        """Whether that is so with k = d."""
        return self.is_paper and all(one.k == one.d for one in self.tables)

    def favour(self) -> Favour:
        """Which class of spurious minima is favoured, over all d."""
        found = Counter(one.what.loss_class for table in self.tables for one in table.types for _ in one.runs)
        falls, stays = found[FALLS], found[STAYS]
        return Favour(falls, stays, binomial_tail(falls, falls + stays) if falls + stays else 1.0)

    def pairs(self) -> list[Pair]:
        """2a beside 2b, 3a beside 3b: as multiplicity alone has it, each of a pair is met as often as the other."""
        result = []
        for first, second in (("2a", "2b"), ("3a", "3b")):
            both = [t for t in self.tables if all(is_minimum(name, t.d) for name in (first, second))]
            a, b = (sum(one.count for t in both for one in t.types if one.what.family == x) for x in (first, second))
            if self.is_square and a + b:
                result.append(Pair(first, second, (a, b), binomial_tail(a, a + b)))
        return result

    def hidden(self) -> list[tuple[str, int, int, float]]:
        """1b, 2b and 3b: of the runs at those d where each is a minimum, how many ended there, and Wilson's upper bound
        of its probability.
        """
        result = []
        for name in _HIDDEN if self.is_square else ():
            mine = [table for table in self.tables if is_minimum(name, table.d)]
            runs = sum(table.runs for table in mine)
            if runs:
                count = sum(one.count for table in mine for one in table.types if one.what.family == name)
                result.append((name, count, runs, wilson(count, runs)[1]))
        return result

    def expected_loss_rises(self) -> tuple[float, float, float] | None:
        """Whether the mean loss at convergence need fall with d: its difference between the largest and the smallest d,
        the standard error, and the one-sided p-value of a difference of 0 or less; None for one d.
        """
        if len(self.tables) < 2:
            return None
        (low, low_error), (high, high_error) = self.tables[0].mean_loss, self.tables[-1].mean_loss
        error = sqrt(low_error**2 + high_error**2)
        if not error:
            return None
        return high - low, error, normal_tail((high - low) / error)

    def correlations(self) -> list[tuple[int, float]]:
        """Spearman's correlation of counts and multiplicities, for each d with three types or more."""
        result = []
        for table in self.tables:
            isolated = [one for one in table.types if one.what.multiplicity is not None]
            if len(isolated) >= 3:
                found = rank_correlation([one.count for one in isolated], [_order(one) for one in isolated])
                if found is not None:
                    result.append((table.d, found))
        return result

    def comparisons(self) -> list[Comparison]:
        """Our counts beside the published ones, for V = I, descent from N(0, 1/d) and k = d or d + 1."""
        training = self.training
        if not self.is_paper or training.start != "xavier" or training.method != "gd":
            return []
        result = []
        for table in self.tables:
            if training.k == D:
                if table.d in public.BAD_2018:
                    result.append(_compared(table, "spurious", table.bad, public.BAD_2018[table.d]))
                theirs = public.TYPES_2021.get(table.d, {})
                ours = Counter(code(one) for one in table.types for _ in one.runs)
                for what in [*dict.fromkeys([*theirs, *(x for x in ours if x in _codes())])] if theirs else []:
                    result.append(
                        _compared(table, what, ours[what], theirs.get(what, 0), public.RUNS_2021, public.SOURCE_2021)
                    )
            elif training.k == D + 1 and table.d in public.BAD_ONE_MORE_2018:
                result.append(_compared(table, "spurious", table.bad, public.BAD_ONE_MORE_2018[table.d]))
        return result

    def to_json(self) -> dict[str, Any]:
        """As plain data: the contract of ``symrelu train``."""
        tables = [table.to_json() for table in self.tables]
        types = [one for table in tables for one in table.pop("types")]
        training = self.training
        data: dict[str, Any] = {
            "runs": sum(table.runs for table in self.tables),
            "seed": training.seed,
            "initialisation": training.start,
            "layers": training.layers,
            "method": training.method,
            "kernel": training.setting.kernel.name,
            "types": types,
            "tables": tables,
        }
        favour, rises = self.favour(), self.expected_loss_rises()
        data["favour"] = {"Theta(1/d)": favour.falls, "Theta(1)": favour.stays, "p": favour.p}
        data["pairs"] = [{"families": [x.first, x.second], "counts": list(x.counts), "p": x.p} for x in self.pairs()]
        data["hidden"] = [
            {"family": name, "count": count, "runs": runs, "at_most": bound}
            for name, count, runs, bound in self.hidden()
        ]
        data["expected_loss"] = rises and {"difference": rises[0], "error": rises[1], "p": rises[2]}
        data["rank_correlation_with_multiplicity"] = [{"d": d, "rho": rho} for d, rho in self.correlations()]
        data["comparisons"] = [
            {
                "d": x.d,
                "what": x.what,
                "count": x.ours,
                "runs": x.runs,
                "published": x.theirs,
                "published_runs": x.their_runs,
                "p": x.p,
                "source": x.source,
            }
            for x in self.comparisons()
        ]
        return data


def code(one: MinimumType) -> str:
    """The class of a type in the published tables (:data:`symrelu.descent.public.TYPES_2021`): "global", "a1", ...,
    "a6+", "b", "three", or "other". ``one``: the type.
    """
    what = one.what
    if what.is_global:
        return "global"
    blocks = _TWO_BLOCKS.fullmatch(what.type)
    if blocks and blocks[2] == "+":
        m = int(blocks[1])
        return f"a{m}" if m <= 5 else "a6+"
    if what.loss_class == STAYS:
        return "b"
    return "three" if re.fullmatch(r"Delta\(S_\{?\d+\}? x S_\{?\d+\}? x S_1\)", what.isotropy) else "other"


def is_minimum(name: str, d: int) -> bool:
    """Whether a named family is a minimum at a whole d: below 10 by the eigenvalues of the dense first-layer Hessian
    (numerical); from there on every named family is (``symrelu certify``).
    """
    return d >= CERTIFIED or _is_minimum(name, d)


@lru_cache(maxsize=256)
def _is_minimum(name: str, d: int) -> bool:
    import numpy as np

    from symrelu.errors import SymreluError
    from symrelu.exact.arithmetic import MpmathArithmetic
    from symrelu.families import family

    one = family(name)
    try:
        path = one.path()
        values = path.of_asked(path.point(Fraction(d), MpmathArithmetic(16)))
    except SymreluError:  # it has no points there
        return False
    W = np.asarray(one.space.matrix([float(x) for x in values], d), dtype=float)
    return bool(DenseLoss(np.eye(d)).eigenvalues(W)[0] > 0)


def _codes() -> list[str]:
    return ["global", "a1", "a2", "a3", "a4", "a5", "a6+", "b", "three"]


def _compared(
    table: TypesAt, what: str, ours: int, theirs: int, runs: int = public.RUNS_2018, source: str = public.SOURCE_2018
) -> Comparison:
    ended = table.runs - table.unfinished
    return Comparison(table.d, what, ours, ended, theirs, runs, two_proportions(ours, ended, theirs, runs), source)


def _order(one: MinimumType) -> float:
    assert one.what.multiplicity is not None
    return float(one.what.multiplicity)


def frequencies(training: Training, tables: Sequence[TypesAt]) -> Frequencies:
    """The tables of a training, d ascending."""
    return Frequencies(training, tuple(sorted(tables, key=lambda table: table.d)))


__all__ = ["CLASSES", "Comparison", "Favour", "Frequencies", "Pair", "code", "frequencies", "is_minimum"]
