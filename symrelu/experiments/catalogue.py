"""The experiments by name: the tasks of each, and what is said of their records."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from symrelu.columns import aligned
from symrelu.errors import BadInput
from symrelu.experiments import curves, freeness, initial, minima, universality
from symrelu.experiments.data import DATASETS

Tasks = list[dict[str, Any]]
LONGEST = 8  # lists of more numbers are left out of texts


def _freeness(data: Sequence[str] = DATASETS, seed: int = 1) -> Tasks:
    return [freeness.task(name, seed=seed) for name in data]


def _h1(
    phi: Sequence[Fraction] = (Fraction(1, 16), Fraction(1, 4)),
    eps: Fraction = Fraction(50),
    data: Sequence[str] = DATASETS,
    n: int = 16,
    runs: int = 10,
    seed: int = 1,
) -> Tasks:
    return [initial.h1_task(one, eps, name, n, runs, seed) for name in data for one in phi]


def _h0(
    phi: Sequence[Fraction] = (Fraction(1, 8),), data: Sequence[str] = DATASETS, n: int = 16, seed: int = 1
) -> Tasks:
    return [initial.h0_task(initial.examples(n, one), name, n, seed) for name in data for one in phi]


def _gap(
    phi: Sequence[Fraction] = initial.PHIS,
    data: Sequence[str] = ("digits",),
    n: int = 16,
    runs: int = 30,
    seed: int = 1,
) -> Tasks:
    return [initial.gap_task(one, name, n, runs, seed) for name in data for one in phi]


def _critical(
    phi: Sequence[Fraction] = curves.PHIS, n: int = 8, runs: int = 200, seed: int = 1, activation: str = "tanh"
) -> Tasks:
    return curves.tasks(phi, n, runs, seed, activation)


def _minima(
    phi: Sequence[Fraction] = curves.PHIS, n: int = 8, runs: int = 20, seed: int = 1, activation: str = "tanh"
) -> Tasks:
    return [minima.task(one, n, activation, runs, seed) for one in phi]


def _linear(phi: Sequence[Fraction] = curves.PHIS, n: int = 16, runs: int = 200, seed: int = 1) -> Tasks:
    return [minima.linear_task(one, n, runs, seed) for one in phi]


def _finite_size(
    phi: Sequence[Fraction] = (Fraction(1, 4),),
    eps: Fraction = Fraction(1, 10),
    entries: Sequence[str] = ("normal",),
    runs: int = 20,
    seed: int = 1,
) -> Tasks:
    return [universality.task(one, eps, name, universality.SIZES, runs, seed) for name in entries for one in phi]


def _universality(
    phi: Sequence[Fraction] = (Fraction(1, 4),),
    eps: Fraction = Fraction(1, 10),
    n: int = 160,
    runs: int = 20,
    seed: int = 1,
) -> Tasks:
    return [universality.task(one, eps, name, (n // 2, n), runs, seed) for name in universality.ENTRIES for one in phi]


EXPERIMENTS: dict[str, Callable[..., Tasks]] = {
    "freeness": _freeness,
    "h1": _h1,
    "h0": _h0,
    "gap": _gap,
    "critical-points": _critical,
    "minima": _minima,
    "linear": _linear,
    "finite-size": _finite_size,
    "universality": _universality,
}


def tasks_of(name: str, given: dict[str, Any]) -> Tasks:
    """The tasks of an experiment, with what is given in place of its defaults.

    ``given``: some of phi (a list), eps, n, runs, seed, data and entries (lists), activation. Raises BadInput for
    another name, for what the experiment has no use for, and for settings that make no sense.
    """
    if name not in EXPERIMENTS:
        raise BadInput(f"the experiment {name!r} was asked for; there are {', '.join(EXPERIMENTS)}")
    builder = EXPERIMENTS[name]
    known = inspect.signature(builder).parameters
    for key in given:
        if key not in known:
            raise BadInput(f"{key} was given, and the experiment {name} has no use for it; it takes {', '.join(known)}")
    for key, least in (("runs", 1), ("seed", 0), ("n", 1)):
        if given.get(key, least) < least:
            raise BadInput(f"{key} {given[key]} was given; give a whole number from {least} on")
    return builder(**given)


def summary(name: str, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What follows from all records together: curves of critical points, fits of gaps; {} for other experiments."""
    if name == "critical-points":
        found = curves.index_curves(records)
        fitted = sum(curve.fit is not None for curve in found)
        return {
            "curves": [_curve_data(curve) for curve in found],
            "protocol": {", ".join(between): curves.protocol(between) for between in _windows(found)},
            "thresholds": asdict(curves.threshold_fit(found)) if fitted > 1 else None,
        }
    if name == "gap" and len(records) > 1:
        by_data: dict[str, list[initial.Gap]] = {}
        for record in records:
            fields = {key: record[key] for key in initial.Gap.__dataclass_fields__}
            by_data.setdefault(record["settings"]["dataset"], []).append(initial.Gap(**fields))
        fits = {data: initial.fitted_gap(gaps) for data, gaps in by_data.items() if len(gaps) > 1}
        return {data: {"sigma": fit.sigma, "residual": fit.residual} for data, fit in fits.items()}
    return {}


CURVE = (
    "phi",
    "n",
    "runs",
    "left_out",
    "minimisers",
    "eps_c",
    "+-",
    "(1-phi)**2/2",
    "alpha_0",
    "exponent",
    "eps_c (2nd)",
    "+-",
    "exponent (2nd)",
)


def text(name: str, records: Sequence[dict[str, Any]]) -> str:
    """The records in words: tables of what is one number, or a few; curves of critical points by their fits."""
    if name == "critical-points":
        found = curves.index_curves(records)
        return "\n".join([*aligned([CURVE, *map(_curve_row, found)]), *map(curves.protocol, _windows(found))])
    if name == "freeness":
        return "\n\n".join("\n".join(said(record)) for record in records)
    flat = []
    for record in records:
        points = record.get("points") or [{}]
        own = {**record.get("settings", {}), **record}
        flat += [{**own, **point} for point in points]
    heads = [
        key for key, value in flat[0].items() if not isinstance(value, (dict, list, tuple)) and key != "experiment"
    ]
    parts = aligned([heads, *([_short(one[key]) for key in heads] for one in flat)])
    for data, fit in summary(name, records).items():
        parts.append(f"{data}: sigma = {_short(fit['sigma'])} fits, relative residual {_short(fit['residual'])}")
    return "\n".join(parts)


def _windows(found: Sequence[curves.IndexCurve]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(curve.between for curve in found))


def _curve_data(curve: curves.IndexCurve) -> dict[str, Any]:
    """A curve as plain data, with the ranges of exponents in words."""
    data = asdict(curve)
    for name in ("fit", "all_negative"):
        if fit := getattr(curve, name):
            data[name]["exponent_range"] = fit.exponent_range
    return data


def _exponent(fit: curves.Fit) -> str:
    """The best exponent and the range; the range alone where the best one is an end of those tried."""
    inside = curves.EXPONENTS[0] < fit.exponent < curves.EXPONENTS[-1] and fit.exponent_range != "not determined"
    return f"{fit.exponent:.2f} ({fit.exponent_range})" if inside else fit.exponent_range


def _curve_row(curve: curves.IndexCurve) -> list[str]:
    row = [curve.phi, str(curve.n), str(curve.runs), str(curve.left_out)]
    row.append("+-".join(f"{x:.4f}" for x in curve.minimisers) if curve.minimisers else "none")
    fit, target = curve.fit, f"{(1 - float(Fraction(curve.phi))) ** 2 / 2:.4f}"
    if fit is None:
        row += ["none", "", target, "", ""]
    else:
        row += [f"{fit.eps_c:.4f}", f"{fit.eps_c_error:.4f}", target, f"{fit.alpha_0:.3g}", _exponent(fit)]
    every = curve.all_negative
    if every is None:
        return [*row, "none", "", ""]
    return [*row, f"{every.eps_c:.4f}", f"{every.eps_c_error:.4f}", _exponent(every)]


def said(record: dict[str, Any], before: str = "") -> list[str]:
    """A record as lines ``name = value``, longer lists left out."""
    lines = []
    for key, value in record.items():
        if isinstance(value, dict):
            lines += said(value, f"{before}{key}.")
        elif not isinstance(value, (list, tuple)):
            lines.append(f"{before}{key} = {_short(value)}")
        elif len(value) <= LONGEST and not any(isinstance(one, (list, tuple, dict)) for one in value):
            lines.append(f"{before}{key} = {', '.join(map(_short, value))}")
    return lines


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "none" if value is None else str(value)


__all__ = ["EXPERIMENTS", "said", "summary", "tasks_of", "text"]
