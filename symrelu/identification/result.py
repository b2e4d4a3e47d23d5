"""What a matrix was found to be, as a value that prints and goes to JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symrelu.families import Family
from symrelu.results import young_json
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.identify import MatrixIsotropy
from symrelu.symmetry.isotropy import Orbit
from symrelu.symmetry.size import Size


@dataclass(frozen=True)
class Candidate:
    """A family, how far the matrix is from its point at this d, rows and columns in the best order, and the loss of
    that point. ``distance``: the largest difference of an entry.
    """

    family: Family
    distance: float
    loss: float

    @property
    def name(self) -> str:
        """What commands take: a name, or blocks:limit; in words where the rows are not those of the blocks."""
        key = self.family.key
        if not key.isotropy.is_diagonal:
            return key.label()
        return key.name or f"{','.join(size_word(size) for size in key.isotropy.blocks)}:{key.limit_text()}"


@dataclass(frozen=True)
class Identification:
    """What a matrix was found to be.

    tolerance: entries within it are equal. rescaled: whether rows were compared up to positive factors (both matrices
    with rows of norm 1). found: the isotropy group and the order of rows and columns. entries: the coordinates of the
    block form, each with the largest deviation within it. limit: signs of the diagonal, block by block, where all its
    entries are near +-1. nearest: of the families tried, the one at the least distance. notes: what was not clear, or
    not tried.
    """

    tolerance: float
    rescaled: bool
    found: MatrixIsotropy
    entries: tuple[tuple[float, float], ...]
    limit: str | None
    nearest: Candidate | None
    notes: tuple[str, ...]

    @property
    def match(self) -> Candidate | None:
        """The family that the matrix belongs to, to the tolerance."""
        return self.nearest if self.nearest is not None and self.nearest.distance <= self.tolerance else None

    @property
    def family(self) -> str | None:
        """Its name, or blocks:limit."""
        return None if self.match is None else self.match.name

    @property
    def type(self) -> str | None:
        """The words that name this type on the command line; those of the family, where there is one."""
        isotropy, limit, branch = self.found.isotropy, self.limit, None
        if self.match is not None:
            key = self.match.family.key
            isotropy, limit, branch = key.isotropy, key.limit_text(), key.branch
        if isotropy is None:
            return None
        words = f"--blocks {','.join(size_word(size) for size in isotropy.blocks)}"
        if not isotropy.is_diagonal:
            words += f" --rows {_orbits(isotropy.rows)} --cols {_orbits(isotropy.cols)}"
        if limit is not None:
            words += f" --limit {limit}"
        return words + (f" --branch {branch}" if branch is not None else "")

    def to_json(self) -> dict[str, Any]:
        """The answer as plain data (the contract of ``symrelu identify --format json``)."""
        found, nearest = self.found, self.nearest
        isotropy = found.isotropy
        return {
            "k": found.k,
            "d": found.d,
            "isotropy": {
                "group": found.label(),
                "order": str(found.order),
                "extra": found.extra,
                **({"blocks": None, "rows": None, "cols": None} if isotropy is None else young_json(isotropy)),
            },
            "family": self.family,
            "type": self.type,
            "distance": None if nearest is None else f"{nearest.distance:.3g}",
            "nearest": None if nearest is None else nearest.name,
            "tolerance": f"{self.tolerance:g}",
            "rescaled": self.rescaled,
            "entries": {f"a_{i}": repr(value) for i, (value, _) in enumerate(self.entries, 1)},
            "row_order": [x + 1 for x in found.rows],
            "column_order": [x + 1 for x in found.cols],
            "values": found.clusters.count,
            "largest_spread": f"{found.clusters.spread:.3g}",
            "smallest_gap": None if found.clusters.gap is None else f"{found.clusters.gap:.3g}",
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """The answer as text."""
        found = self.found
        what = f"{found.k} x {found.d} matrix" + (", rows divided by their norms" if self.rescaled else "")
        gap = "" if found.clusters.gap is None else f", the closest two {found.clusters.gap:.2g} apart"
        lines = [
            f"{what}: {found.clusters.count} different entries{gap} (equal: within {self.tolerance:g})",
            "",
            f"isotropy  {found.label()}, order {found.order}",
        ]
        if self.type is not None:
            lines.append(f"type      {self.type}")
        if self.match is not None:
            lines.append(f"family    {self.match.name}, distance {self.match.distance:.2g}")
        else:
            near = (
                "" if self.nearest is None else f" (nearest: {self.nearest.name}, distance {self.nearest.distance:.2g})"
            )
            lines.append(f"family    none of those tried{near}")
        lines += [f"note      {note}" for note in self.notes]
        if found.isotropy is not None and self.entries:
            names = [f"a_{i}" for i in range(1, len(self.entries) + 1)]
            lines += ["", *FixedSpace(found.isotropy).text(names).split("\n"), ""]
            lines += [f"{name} = {value:.12g}" for name, (value, _) in zip(names, self.entries, strict=True)]
        if found.rows != tuple(range(found.k)) or found.cols != tuple(range(found.d)):
            lines += [
                "",
                f"rows in the order     {_listed(found.rows)}",
                f"columns in the order  {_listed(found.cols)}",
            ]
        return "\n".join(lines)

    __str__ = text


def size_word(size: Size) -> str:
    """The size as commands take it."""
    return str(size).replace(" ", "")


def _orbits(orbits: Sequence[Orbit]) -> str:
    return ",".join(map(str, orbits))


def _listed(places: Sequence[int]) -> str:
    return " ".join(str(x + 1) for x in places)
