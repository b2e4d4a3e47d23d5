"""Directions in which the target V = I is perturbed: V(eps) = I + eps E.

E is drawn from a seed, of spectral norm 1, and may be constant on the orbits of a Young subgroup Delta(S_m1 x S_m2 ...)
of consecutive indices, which the perturbed problem then keeps as symmetries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import Floats

Kind = Literal["random", "symmetric", "antisymmetric"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, eq=False)
class Perturbation:
    """The direction E.

    ``direction`` of shape (d, d), spectral norm 1; ``kind``, random, symmetric or antisymmetric; ``kept``, sizes of the
    blocks of consecutive indices whose permutations leave E as it is (those of one index left out); ``seed``.
    """

    direction: Floats
    kind: Kind
    kept: tuple[int, ...]
    seed: int

    def target(self, eps: float) -> Floats:
        """V(eps) = I + eps E."""
        return np.eye(len(self.direction)) + eps * self.direction

    @property
    def kept_sets(self) -> list[range]:
        """The indices of each block that is kept."""
        ends = np.cumsum([0, *self.kept])
        return [range(a, b) for a, b in zip(ends[:-1], ends[1:], strict=True)]

    def label(self) -> str:
        """The direction in words."""
        kept = f", kept by Delta({' x '.join(f'S_{n}' for n in self.kept)})" if self.kept else ""
        return f"{self.kind} E of norm 1, seed {self.seed}{kept}"


def perturbation(d: int, seed: int, kind: Kind = "random", keep: Sequence[int] = ()) -> Perturbation:
    """A direction E at d, drawn from a seed.

    Parameters: ``kind``, as drawn, or its symmetric or antisymmetric part; ``keep``, sizes of blocks of consecutive
    indices, from the first: entries are equal on the orbits of Delta(S_m1 x S_m2 x ...), and otherwise independent.
    Raises BadInput for blocks that do not fit into d, and where no such E but 0 is left.
    """
    kind = kind_named(kind)
    if d < 1 or seed < 0:
        raise BadInput(f"d = {d} and the seed {seed} were given; give d >= 1 and a seed >= 0")
    kept = tuple(int(m) for m in keep)
    if any(m < 2 for m in kept) or sum(kept) > d:
        raise BadInput(
            f"the blocks {','.join(map(str, kept))} were to be kept at d = {d}; give sizes >= 2, in all <= d"
        )
    rng = np.random.default_rng(seed)
    cell = np.repeat(np.arange(d - sum(kept) + len(kept)), [*kept, *(1,) * (d - sum(kept))])
    cells = int(cell[-1]) + 1
    off, own = rng.standard_normal((cells, cells)), rng.standard_normal(cells)
    E = off[cell[:, None], cell]
    np.fill_diagonal(E, own[cell])
    if kind != "random":
        E = (E + E.T) / 2 if kind == "symmetric" else (E - E.T) / 2
    norm = float(np.linalg.norm(E, 2))
    if norm == 0:
        raise BadInput(
            f"no {kind} matrix but 0 is left unchanged by permutations of all the indices; keep fewer of them"
        )
    return Perturbation(E / norm, kind, kept, seed)


def kind_named(text: str) -> Kind:
    """The kind of that name. Raises BadInput for others."""
    for kind in KINDS:
        if text == kind:
            return kind
    raise BadInput(f"the perturbation {text!r} was given; give one of {', '.join(KINDS)}")


def parse_kept(text: str) -> tuple[int, ...]:
    """Sizes of blocks from "S_5 x S_3", "Delta(S_5 x S_3)" or "5,3". Raises BadInput for other texts."""
    words = re.sub(r"^\s*Delta|[()\s]", "", text)
    parts = [part.removeprefix("S_") for part in re.split("[x,]", words)]
    if not all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):
        raise BadInput(f"the symmetry {text!r} was to be kept; give it as S_5 x S_3, or 5,3")
    return tuple(map(int, parts))


__all__ = ["KINDS", "Kind", "Perturbation", "kind_named", "parse_kept", "perturbation"]
