"""A study of training losses as text and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symrelu.columns import aligned

if TYPE_CHECKING:
    from symrelu.samples.study import SampleStudy

QUANTITIES = {
    "loss": "|L_N - L|",
    "gradient": "|grad L_N - grad L|, first layer",
    "autodiff_to_limit": "|a.e. Hessian - (H - B)|",
    "autodiff_to_population": "|a.e. Hessian - H|",
    "smoothed_to_population": "|smoothed Hessian - H|",
    "boundary": "|smoothed - a.e. - B|",
    "moved": "|W_N - W|, training minimum",
}


def study_text(study: SampleStudy) -> str:
    """Tables: the errors for each N with their exponents, the clusters at the largest N, and what they say."""
    what = "both layers" if study.layers == 2 else "the first layer, the second fixed"
    lines = [f"training losses at {study.label}, d = {study.d}, k = {study.k}; Hessians of {what}"]
    if study.constant is not None:
        lines.append(f"inputs: {study.law}; population loss, gradient and Hessian are {study.constant} times Gaussian")
    else:
        lines.append(
            f"inputs: {study.law}; no constant relates it to the Gaussian, whose values stand for L, H, B here"
        )
    samples = study.rows[0].samples
    lines += [
        f"{samples} samples for each N, seed {study.seed}; "
        + ("geometric means, as variances are infinite: no N**(-1/2)" if study.heavy else "root mean squares"),
        f"L = {study.loss:.6g}, |H| = {study.hessian:.5g}, |B| = {study.missed:.5g} (Frobenius)",
        "",
    ]
    rows = [("", *(f"N = {row.n}" for row in study.rows), "exponent")]
    for name, title in QUANTITIES.items():
        values = [row.errors[name] for row in study.rows]
        if all(x is not None for x in values):
            fit = study.exponents.get(name)
            slope = "-" if fit is None else f"{fit.value:.3f} +- {fit.error:.3f}"
            rows.append((title, *(f"{x:.4g}" for x in values), slope))
    for place, title in enumerate(("  predicted with H", "  predicted with H - B")):
        if all(x is not None for x in study.predicted):
            rows.append((title, *(f"{x[place]:.4g}" for x in study.predicted if x is not None), "-1/2"))
    if study.rows[0].width is not None:
        rows.append(("smoothing width", *(f"{row.width:.4g}" for row in study.rows), "-1/5"))
    lines += aligned(rows)
    last = study.rows[-1]
    lines += ["", f"clusters at N = {last.n}: the largest distance of an eigenvalue, mean over the samples", ""]
    heads = ("component", "multiplicity", "H", "H - B", "a.e. from H - B", "a.e. from H", "smoothed from H")
    found = [heads]
    for cluster, distance in zip(study.clusters, last.clusters, strict=True):
        found.append(
            (
                cluster.component,
                str(cluster.multiplicity),
                _decimal(cluster.value),
                _decimal(cluster.limit),
                f"{distance.autodiff:.4f}",
                f"{distance.autodiff_to_population:.4f}",
                f"{distance.smoothed:.4f}",
            )
        )
    lines += aligned(found)
    lines += ["", *_words(study)]
    return "\n".join(lines)


def _decimal(x: float) -> str:
    text = f"{x:.6f}"
    return text if float(text) else text.lstrip("-")


def _words(study: SampleStudy) -> list[str]:
    """What the numbers say, from the numbers."""
    last = study.rows[-1]
    words = []
    if study.constant is None:
        words.append(
            f"The gradient at the Gaussian critical point is {last.errors['gradient']:.3g} at the largest N; for a law "
            "without a constant it need not vanish."
        )
        return words
    if last.width is None or study.missed <= 1e-9 * study.hessian:
        reason = "the activation is twice differentiable" if last.width is None else "the residual vanishes"
        words.append(f"B = 0 (or part of the sample Hessian): {reason}, so the a.e. Hessian converges to H.")
    else:
        words.append(
            f"The a.e. Hessian (automatic differentiation) converges to H - B, not to H: |B|/|H| = "
            f"{study.missed / study.hessian:.3f}. Smoothed, it converges to H."
        )
    if study.layers == 1 and last.width is not None:
        words.append(
            f"H has {study.negative} negative eigenvalues in the first layer; the a.e. Hessian had at most "
            f"{max(row.negative[0] for row in study.rows)}, as it is a Gram matrix; the smoothed one "
            f"{last.negative[1]} at N = {last.n}."
        )
    return words


def study_json(study: SampleStudy) -> dict[str, Any]:
    """The study as plain data."""
    return {
        "family": study.label,
        "d": str(study.d),
        "k": study.k,
        "layers": study.layers,
        "law": study.law,
        "seed": study.seed,
        "constant": study.constant,
        "loss": study.loss,
        "hessian_norm": study.hessian,
        "missed_norm": study.missed,
        "negative_first_layer": study.negative,
        "clusters": [
            {"component": x.component, "multiplicity": x.multiplicity, "value": x.value, "limit": x.limit}
            for x in study.clusters
        ],
        "rows": [
            {
                "n": row.n,
                "samples": row.samples,
                "width": row.width,
                "errors": dict(row.errors),
                "predicted_move": None if guess is None else {"with_H": guess[0], "with_H_minus_B": guess[1]},
                "negative": {"autodiff": row.negative[0], "smoothed": row.negative[1]},
                "clusters": [
                    {
                        "autodiff": x.autodiff,
                        "autodiff_to_population": x.autodiff_to_population,
                        "smoothed": x.smoothed,
                        "width": x.width,
                    }
                    for x in row.clusters
                ],
            }
            for row, guess in zip(study.rows, study.predicted, strict=True)
        ],
        "exponents": {
            name: None if fit is None else {"value": fit.value, "error": fit.error}
            for name, fit in study.exponents.items()
        },
        "version": study.version,
    }


__all__ = ["study_json", "study_text"]
