"""What the parameters of the ensembles mean, in words, for the repr of laws."""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.free.construction import Construction

WORDS = {
    "Semicircle": "symmetric n x n, entries of variance variance/n; R(g) = variance g",
    "MarchenkoPastur": "X X', X n x p, phi = n/p, entries of variance mean/p; R(g) = mean/(1 - mean phi g)",
    "ProductWishart": "[[0, B], [B', 0]], B = sqrt(eps/2) E X'/p, E and X standard normal n x p, phi = n/p;"
    " R(g) = eps phi g/(2 - eps phi**2 g**2)",
    "PointMass": "all mass at one point; R(g) = at",
    "Discrete": "{point: mass}",
}


def conventions(made: Construction) -> Iterator[str]:
    """One line for each kind of ensemble in a construction."""
    for kind in dict.fromkeys(_kinds(made)):
        yield f"  {kind}: {WORDS[kind]}"


def _kinds(made: Construction) -> Iterator[str]:
    if not made.of:
        yield made.kind
    for part in made.of:
        yield from _kinds(part)


__all__ = ["conventions"]
