"""A perturbed critical point as text and as plain data."""

from __future__ import annotations

from collections import Counter
from typing import Any

from symrelu.columns import aligned as table
from symrelu.perturbation.path import PerturbedPath


def perturbed_json(path: PerturbedPath) -> dict[str, Any]:
    """The answer as plain data."""
    E, stop = path.perturbation, path.stop
    return {
        "family": path.family,
        "d": path.d,
        "perturbation": {"kind": E.kind, "seed": E.seed, "kept": list(E.kept)},
        "group_left": path.left,
        "motion_norm": _number(float((path.motion**2).sum() ** 0.5)),
        "points": [
            {
                "eps": _number(point.eps),
                "loss": _number(point.loss),
                "negative": point.negative,
                "smallest_eigenvalue": _number(float(point.eigenvalues[0])),
                "residual": f"{point.residual:.1e}",
                "isotropy": group,
                "first_order_error": _number(path.first_order_error(point)),
                "gap_between_clusters": _number(path.gap(point)),
                "eigenvalues": [_number(float(x)) for x in point.eigenvalues],
            }
            for point, group in zip(path.points, path.isotropy, strict=True)
        ],
        "clusters": [
            {
                "components": list(one.components),
                "value": _number(one.value),
                "multiplicity": one.multiplicity,
                "splits_into": list(one.predicted),
                "measured": list(one.measured),
                "slopes": [_number(float(x)) for x in one.slopes],
            }
            for one in path.clusters
        ],
        "measured_at": _number(path.looked_at),
        "stopped": None
        if stop is None
        else {
            "between": [f"{stop.last.eps:.12g}", f"{stop.high:.12g}"],
            "reason": stop.reason,
            "smallest_eigenvalue": _number(stop.last.smallest),
        },
        "evidence": "numerical",
    }


def perturbed_text(path: PerturbedPath) -> str:
    """The path as a table, and what the clusters split into."""
    start, stop = path.points[0], path.stop
    lines = [
        f"{path.family} at d = {path.d}, V = I + eps E, {path.perturbation.label()} (numerical)",
        f"isotropy for eps = 0: {path.isotropy[0]}; what E leaves of it: {path.left}",
        f"the Hessian at eps = 0 is nonsingular (smallest |eigenvalue| {start.smallest:.4g}): W(eps) exists for small "
        f"eps and is unique; |dW/deps| = {float((path.motion**2).sum() ** 0.5):.6g}",
        "",
    ]
    rows = [("eps", "loss", "index", "smallest eigenvalue", "off first order / eps**2", "isotropy")]
    for point, group in zip(path.points, path.isotropy, strict=True):
        off = f"{path.first_order_error(point):.4g}" if point.eps else ""
        rows.append(
            (f"{point.eps:.6g}", f"{point.loss:.8g}", str(point.negative), f"{point.eigenvalues[0]:.6g}", off, group)
        )
    lines += table(rows)
    if stop is not None:
        lines.append(
            f"not followed further: between eps = {stop.last.eps:.10g} and {stop.high:.10g} {stop.reason} "
            f"(smallest |eigenvalue| at the former: {stop.last.smallest:.2g})"
        )
    last = path.points[-1]
    lines += ["", f"clusters; what they split into, measured at eps = {path.looked_at:.3g}"]
    rows = [("eigenvalue", "component", "splits into", "measured", "width / eps", f"width at {last.eps:.6g}")]
    for one in path.clusters:
        same = "the same" if one.measured == one.predicted else _many(one.measured)
        rows.append(
            (
                f"{one.value:.6g}",
                " + ".join(one.components),
                f"{one.multiplicity} = {_many(one.predicted)}",
                same,
                f"{one.spread:.4g}",
                f"{one.width(last):.4g}",
            )
        )
    lines += table(rows)
    return "\n".join(lines)


def _many(multiplicities: tuple[int, ...]) -> str:
    """8 + 4 + 4 + 1 as 8 + 2*4 + 1; "not found" for nothing."""
    counts = Counter(multiplicities)
    terms = [f"{n}" if times == 1 else f"{times}*{n}" for n, times in sorted(counts.items(), reverse=True)]
    return " + ".join(terms) or "not found"


def _number(x: float) -> str:
    return "0" if x == 0 else f"{x:.12g}"
