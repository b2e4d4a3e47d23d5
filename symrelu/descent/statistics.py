"""Statistics of counts: intervals, exact tests, comparisons of two experiments. Formulas are the usual ones, named."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, erfc, exp, fsum, log, log1p, sqrt
from statistics import NormalDist

from symrelu.errors import BadInput

LEVEL = 0.95
_EXACT = 4000  # runs of both experiments up to which two proportions are compared exactly


def wilson(count: int, runs: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval for a probability of which ``count`` of ``runs`` are known (Wilson 1927).

    Raises BadInput unless 0 <= count <= runs, runs >= 1 and 0 < level < 1.
    """
    _check(count, runs)
    if not 0 < level < 1:
        raise BadInput(f"the level {level} was given; give a number between 0 and 1, such as 0.95")
    z = NormalDist().inv_cdf((1 + level) / 2)
    p, zz = count / runs, z * z / runs
    middle = (p + zz / 2) / (1 + zz)
    half = z * sqrt(p * (1 - p) / runs + zz / (4 * runs)) / (1 + zz)
    return (0.0 if count == 0 else middle - half), (1.0 if count == runs else middle + half)


def binomial_tail(count: int, runs: int, probability: float = 0.5) -> float:
    """P(X >= count) for X binomial: the exact one-sided test of a probability no larger than the given one.

    Raises BadInput for numbers that are no counts, and for a probability outside (0, 1).
    """
    _check(count, runs)
    if not 0 < probability < 1:
        raise BadInput(f"the probability {probability} was given; give a number between 0 and 1")
    if count == 0:
        return 1.0
    logs = (log(probability), log1p(-probability))
    terms = (log(comb(runs, x)) + x * logs[0] + (runs - x) * logs[1] for x in range(count, runs + 1))
    return min(1.0, fsum(map(exp, terms)))


def normal_tail(z: float) -> float:
    """P(X >= z) for X standard normal, its small values too."""
    return erfc(z / sqrt(2)) / 2


def two_proportions(first: int, of: int, second: int, among: int) -> float:
    """The two-sided p-value of one probability behind ``first`` of ``of`` and ``second`` of ``among``.

    Fisher's exact test (all tables no more likely than the one met) up to 4000 runs together; beyond, the normal
    approximation with the pooled variance.
    """
    _check(first, of)
    _check(second, among)
    if of + among > _EXACT:
        pooled = (first + second) / (of + among)
        spread = sqrt(pooled * (1 - pooled) * (1 / of + 1 / among))
        return 1.0 if spread == 0 else 2 * normal_tail(abs(first / of - second / among) / spread)
    total = first + second
    tables = [comb(of, x) * comb(among, total - x) for x in range(max(0, total - among), min(of, total) + 1)]
    met = comb(of, first) * comb(among, second)
    return sum(x for x in tables if x <= met) / sum(tables)


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """The mean and its standard error (0 for one value). Raises BadInput for none."""
    if not values:
        raise BadInput("no values were given; a mean needs one")
    n = len(values)
    mean = fsum(values) / n
    return mean, sqrt(fsum((x - mean) ** 2 for x in values) / (n - 1) / n) if n > 1 else 0.0


def rank_correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Spearman's rank correlation, equal values at their mean rank; None for less than two different values of x or of
    y.
    """
    first, second = _ranks(x), _ranks(y)
    a, b = ([r - fsum(ranks) / len(ranks) for r in ranks] for ranks in (first, second))
    size = sqrt(fsum(u * u for u in a) * fsum(v * v for v in b))
    return fsum(u * v for u, v in zip(a, b, strict=True)) / size if size else None


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda i: values[i])
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for i in order[at : end + 1]:
            ranks[i] = (at + end) / 2 + 1
        at = end + 1
    return ranks


def _check(count: int, runs: int) -> None:
    if not 0 <= count <= runs or runs < 1:
        raise BadInput(f"{count} of {runs} runs were given; give a count between 0 and a positive number of runs")


__all__ = ["LEVEL", "binomial_tail", "mean_and_error", "normal_tail", "rank_correlation", "two_proportions", "wilson"]
