"""A descent with its clusters as text and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.columns import aligned

if TYPE_CHECKING:
    from symrelu.descent.along import AlongDescent, Spectra

LINES = 14


def along_text(one: AlongDescent) -> str:
    """What happens along the descent, and the clusters at its start and end."""
    lines = [
        f"gradient descent at d = k = {one.d}: {one.initialisation}, seed {one.seed}, run {one.run}, rate "
        f"{one.rate:.4g}",
        f"it ends in {one.end.family or one.end.type}, loss {one.loss[-1]:.8g}, isotropy {one.end.isotropy}",
        "",
    ]
    heads = ("step", "loss", "|gradient|", "H: bulk", "outliers", "filling", "H - B: bulk", "gradient among outliers")
    rows = [heads]
    spectra = one.first
    for i in _chosen(len(one.steps)):
        share = f"{100 * one.share[i]:.2f}%" if i < len(one.share) else "-"
        rows.append(
            (
                str(one.steps[i]) if i < len(one.share) else "end",
                f"{one.loss[i]:.6g}",
                f"{one.gradient[i]:.2e}",
                f"{spectra.distance()[i]:.4f}",
                f"{spectra.distance(True)[i]:.4f}",
                f"{spectra.filling[i]:.3f}",
                f"{one.without.distance()[i]:.4f}",
                share,
            )
        )
    lines += [
        *aligned(rows),
        "",
        "H, H - B: the largest distance of an eigenvalue of the first layer's Hessian, with the residual's curvature B",
        "and without, from its cluster; filling: clusters' widths over the bulk's range; the gradient by its square",
        f"of the loss's decrease, to first order, {100 * one.decrease_share:.1f}% is among outliers",
    ]
    for spectra in (one.first, one.both):
        what = "first layer" if spectra.layers == 1 else "both layers, at alpha = 1"
        lines += ["", f"clusters of the {what}: the series through d**0, and the end point's exact eigenvalues", ""]
        lines += aligned(_level_rows(spectra))
    return "\n".join(lines)


def _level_rows(spectra: Spectra) -> list[tuple[str, ...]]:
    heads = ("cluster", "value", "multiplicity", "components", "exact at the end", "width: start", "end")
    rows: list[tuple[str, ...]] = [heads]
    for i, level in enumerate(spectra.levels):
        low, high = level.exact[0][0], level.exact[-1][0]
        rows.append(
            (
                level.text,
                f"{level.value:.4f}",
                str(level.multiplicity),
                " ".join(level.components),
                f"{low:.4f}" if f"{low:.4f}" == f"{high:.4f}" else f"{low:.4f} .. {high:.4f}",
                f"{spectra.widths[0, i]:.4f}",
                f"{spectra.widths[-1, i]:.4f}",
            )
        )
    return rows


def along_json(one: AlongDescent) -> dict[str, Any]:
    """The descent as plain data."""
    return {
        "d": str(one.d),
        "seed": one.seed,
        "run": one.run,
        "start": one.initialisation,
        "rate": one.rate,
        "family": one.end.family,
        "steps": list(one.steps),
        "loss": one.loss.tolist(),
        "gradient": one.gradient.tolist(),
        "share": one.share.tolist(),
        "decrease_share": one.decrease_share,
        "spectra": [
            {
                "layers": spectra.layers,
                "bulk_distance": spectra.distance().tolist(),
                "outlier_distance": spectra.distance(True).tolist(),
                "filling": spectra.filling.tolist(),
                "clusters": [
                    {
                        "slope": level.slope,
                        "constant": level.constant,
                        "value": level.value,
                        "multiplicity": level.multiplicity,
                        "components": list(level.components),
                        "exact": [{"value": x, "multiplicity": m} for x, m in level.exact],
                        "widths": spectra.widths[:, i].tolist(),
                    }
                    for i, level in enumerate(spectra.levels)
                ],
            }
            for spectra in (one.first, one.both)
        ],
        "without_residual": {"bulk_distance": one.without.distance().tolist()},
    }


def _chosen(count: int) -> list[int]:
    """So many places, the first and the last among them, evenly spread."""
    return sorted({int(round(x)) for x in np.linspace(0, count - 1, min(LINES, count))})


__all__ = ["along_json", "along_text"]
