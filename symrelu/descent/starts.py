"""Initialisations: the random k x d matrices that descents start from, each a function of its seed and number alone.

The random numbers are those of Python's own generator, which it guarantees on every machine and in every version; so a
start does not depend on how many runs there are, nor on who does them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import Floats
from symrelu.model.initial import HE_NORMAL, HE_UNIFORM, XAVIER_NORMAL, XAVIER_UNIFORM, Law

_STANDARD = NormalDist()


def _drawn(law: Law) -> Callable[[Floats], Floats]:
    def start(u: Floats) -> Floats:
        k, d = u.shape
        return law.size(d, k) * ((2 * u - 1) if law.uniform else _gaussian(u))

    return start


def _gaussian(u: Floats) -> Floats:
    result: Floats = np.array([[_STANDARD.inv_cdf(x) for x in row] for row in u.tolist()])
    return result


def _orthogonal(u: Floats) -> Floats:
    """Orthonormal rows (columns if k > d), distributed as the Haar measure says."""
    k, d = u.shape
    g = _gaussian(u)
    q, r = np.linalg.qr(g.T if k <= d else g)
    q = q * np.sign(np.diag(r))
    result: Floats = q.T if k <= d else q
    return result


def _sphere(u: Floats) -> Floats:
    g = _gaussian(u)
    result: Floats = g / np.linalg.norm(g, axis=1, keepdims=True)
    return result


INITIALISATIONS: dict[str, Callable[[Floats], Floats]] = {
    "xavier": _drawn(Law("fan-in")),
    "xavier-uniform": _drawn(XAVIER_UNIFORM),
    "glorot": _drawn(XAVIER_NORMAL),
    "he": _drawn(HE_NORMAL),
    "he-uniform": _drawn(HE_UNIFORM),
    "orthogonal": _orthogonal,
    "sphere": _sphere,
    "small": _drawn(Law("fan-in", factor=0.01)),
    "large": _drawn(Law("fan-in", factor=3)),
}
"""xavier: N(0, 1/d), as in Safran & Shamir 2018; xavier-uniform and glorot: variance 2/(k + d) (Glorot & Bengio 2010);
he, he-uniform: variance 2/d; orthogonal: Haar; sphere: rows uniform on the unit sphere; small, large: N(0, s**2/d) with
s = 1/100 and 3."""


def start(name: str, k: int, d: int, seed: int, run: int) -> Floats:
    """The start of one run: a k x d matrix.

    Parameters: ``name``, one of ``INITIALISATIONS``; ``seed`` and the number ``run`` say which random numbers. The
    uniform numbers under it do not depend on the name. Raises BadInput for another name, and sizes below 1.
    """
    check_name(name)
    if k < 1 or d < 1:
        raise BadInput(f"a {k} x {d} student was asked for; give positive whole numbers")
    numbers = random.Random(f"{seed} {k} {d} {run}")
    return INITIALISATIONS[name](np.array([[numbers.random() for _ in range(d)] for _ in range(k)]))


def check_name(name: str) -> None:
    """Raises BadInput for what is no name of an initialisation."""
    if name not in INITIALISATIONS:
        raise BadInput(f"the initialisation {name!r} was given; there are {', '.join(INITIALISATIONS)}")


__all__ = ["INITIALISATIONS", "check_name", "start"]
