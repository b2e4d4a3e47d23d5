"""Initialisations of networks, by name: their scale decides what the experiment of rebuttal 003 shows."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from symrelu.convexity.network import Array
from symrelu.errors import BadInput
from symrelu.model.initial import HE_NORMAL, HE_UNIFORM, XAVIER_NORMAL, XAVIER_UNIFORM, Law

NAMED = {
    "torch": "uniform, |w| <= 1/sqrt(n_in), torch's default of a linear layer",
    "xavier-uniform": "uniform, |w| <= sqrt(6/(n_in + n_out))",
    "xavier-normal": "normal of variance 2/(n_in + n_out)",
    "he-uniform": "uniform, |w| <= sqrt(6/n_in)",
    "he-normal": "normal of variance 2/n_in",
}
SCALED = {"normal": "normal of standard deviation S (normal:1.4)", "uniform": "uniform, |w| <= S (uniform:2.3)"}


def initial_weights(name: str, sizes: Sequence[int], trials: int, rng: np.random.Generator) -> list[Array]:
    """Weights W_0, ..., W_H of so many networks with layers of ``sizes`` n_0, ..., n_(H+1) units.

    ``name``: one of ``NAMED``, or ``normal:S``, ``uniform:S``. Returns arrays (trials, n_(i+1), n_i). Raises BadInput
    for other names.
    """
    kind, scale = _read(name)
    weights = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        size = scale if scale is not None else _LAWS[kind].size(n_in, n_out)
        shape = (trials, n_out, n_in)
        draw = rng.standard_normal(shape) if kind.endswith("normal") else rng.uniform(-1, 1, shape)
        weights.append(size * draw)
    return weights


_LAWS = {
    "torch": Law("torch", uniform=True),
    "xavier-uniform": XAVIER_UNIFORM,
    "xavier-normal": XAVIER_NORMAL,
    "he-uniform": HE_UNIFORM,
    "he-normal": HE_NORMAL,
}


def _read(name: str) -> tuple[str, float | None]:
    """A name and its scale, None for those that have one of their own."""
    kind, colon, scale = name.partition(":")
    if name in NAMED:
        return name, None
    try:
        size = float(scale)
    except ValueError:
        size = 0.0
    if kind not in SCALED or not colon or not (size > 0 and isfinite(size)):
        raise BadInput(
            f"the initialisation {name!r} was given; there are {', '.join(NAMED)}, normal:S and uniform:S with a scale "
            "S > 0, such as normal:1.4"
        )
    return kind, size


__all__ = ["NAMED", "SCALED", "initial_weights"]
