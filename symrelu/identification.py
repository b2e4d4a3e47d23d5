"""What a matrix of numbers is: its isotropy group, its block form, and the family of critical points it belongs to.

>>> import symrelu
>>> from symrelu.identification import identify
>>> print(identify(symrelu.family("2a").at(6).matrix()).family)
2a
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np

from symrelu.catalogue import NAMED
from symrelu.errors import BadInput, SeveralFamilies, SymreluError
from symrelu.families import Family, family
from symrelu.found import FoundFamilies
from symrelu.model.setting import PAPER, Setting
from symrelu.series.lifting import Progress
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.identify import MatrixIsotropy, check_matrix, doubts, matrix_isotropy
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.matching import matrix_distance
from symrelu.symmetry.size import D, Size
from symrelu.symmetry.young_lattice import YoungType

DIGITS = 20  # of the families' points
NEAR_SIGN = 0.5  # how far from +-1 a diagonal entry may be and still be taken for its limit
MOST_BRANCHES = 8  # over one limit
LARGEST_CONSTANT = 20  # rows in a constant block of a type that no paper lists, whose families are worked out

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Candidate:
    """A family, how far the matrix is from its point at this d, rows and columns in the best order, and the loss of
    that point.
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
        return key.name or f"{','.join(_size(size) for size in key.isotropy.blocks)}:{key.limit_text()}"


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
        words = f"--blocks {','.join(_size(size) for size in isotropy.blocks)}"
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
                "blocks": None if isotropy is None else [str(size) for size in isotropy.blocks],
                "rows": None if isotropy is None else [_orbit(orbit) for orbit in isotropy.rows],
                "cols": None if isotropy is None else [_orbit(orbit) for orbit in isotropy.cols],
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


def identify(
    matrix: Any,
    tolerance: float = 1e-6,
    rescaled: bool = False,
    progress: Progress | None = None,
    setting: Setting = PAPER,
) -> Identification:
    """The isotropy group of a k x d matrix up to the order of rows and columns, its block form, and its family.

    Families tried: the named ones, those of the matrix's own type over the limit whose diagonal signs the matrix
    shows, and with one fixed row more those near that family; each is evaluated at this d, and matches if all entries
    agree to the tolerance. rescaled: compare up to
    positive factors of the rows. setting: what the families fit to what; of its target every order of columns must be a
    symmetry, as of V = I. Families are kept from call to call, so that many matrices cost little more than one. Raises
    BadInput for what is no matrix of real numbers (or a zero row that is to be rescaled), and Undecided where the
    entries do not fall into values at this tolerance.
    """
    W = check_matrix(matrix)
    if rescaled:
        W = _unit_rows(W)
    if progress:
        progress("the isotropy group")
    found = matrix_isotropy(W, tolerance)
    entries = _entries(W, found)
    notes = doubts(found.clusters, tolerance)
    limits, missed = _types_with_limits(W, found)
    notes += missed
    best: Candidate | None = None
    for one in chain(
        _candidates(found, limits, notes, setting), _with_one_row_more(W, found, notes, progress, setting)
    ):
        if progress:
            progress(f"family {one.key.label()}")
        try:
            compared = _compared(W, found, one, tolerance, rescaled)
        except SeveralFamilies:
            continue  # its branches follow
        except SymreluError as error:
            notes.append(f"not compared with {one.key.label()}: {error}")
            continue
        if compared is not None and (best is None or compared.distance < best.distance):
            best = compared
        if best is not None and best.distance <= tolerance:
            break
    limit = next((words for isotropy, words in limits if isotropy == found.isotropy), None)
    return Identification(tolerance, rescaled, found, entries, limit, best, tuple(notes))


def _unit_rows(W: Array) -> Array:
    norms = np.linalg.norm(W, axis=1)
    if not norms.all():
        raise BadInput(f"row {int(norms.argmin()) + 1} is zero; rows up to factors need norms above 0")
    unit: Array = W / norms[:, None]
    return unit


def _entries(W: Array, found: MatrixIsotropy) -> tuple[tuple[float, float], ...]:
    """Mean and largest deviation of each coordinate of the block form; none where there is no block form in d."""
    if found.isotropy is None:
        return ()
    places = FixedSpace(found.isotropy).index_matrix(found.d)
    block_form = W[np.ix_(found.rows, found.cols)]
    result = []
    for place in range(int(places.max()) + 1):
        values = block_form[places == place]
        mean = float(values[0] + np.mean(values - values[0]))
        result.append((mean, float(np.abs(values - mean).max())))
    return tuple(result)


def _types_with_limits(W: Array, found: MatrixIsotropy) -> tuple[list[tuple[Isotropy, str]], list[str]]:
    """The types that this group may belong to for all d, each with the signs of its diagonal; what is not clear.

    At one d it is not told which block grows: any that is at least half as large as the largest, or two halves.
    """
    young = found.young
    if found.isotropy is None:
        return [], []
    if _has_one_row_more(found):
        return [], []
    if not young.is_diagonal:
        return [], ["families are compared where the group is Delta(...) and k = d; none of this type was tried"]
    sizes, _, _ = young.orbits()
    counts = [int(size.const) for size in sizes]
    starts = [sum(counts[:i]) for i in range(len(counts))]
    own = [W[found.rows[start], found.cols[start]] for start in starts]
    if any(abs(abs(x) - 1) > NEAR_SIGN for x in own):
        return [], ["the diagonal is not near +-1: no family of its type was tried beyond the named ones"]
    signs = ["+" if x > 0 else "-" for x in own]
    types = []
    for grows, count in enumerate(counts):
        if 2 * count >= counts[0]:
            turn = [grows, *(i for i in range(len(counts)) if i != grows)]
            blocks = [D - (found.d - count), *(Size(Fraction(counts[i])) for i in turn[1:])]
            types.append((Isotropy.diagonal(blocks), ",".join(signs[i] for i in turn)))
    if len(counts) == 2 and counts[0] == counts[1]:
        halves = Isotropy.diagonal([D / 2, D / 2])
        types += [(halves, ",".join(signs)), (halves, ",".join(reversed(signs)))]
    return types, []


@lru_cache(maxsize=512)
def _family(
    name: str | None = None,
    blocks: str | None = None,
    limit: str | None = None,
    branch: int | None = None,
    setting: Setting = PAPER,
) -> Family:
    """A family, the same object for the same words: what it has computed serves the next matrix."""
    return family(name, blocks=blocks, limit=limit, branch=branch, setting=setting)


def _candidates(
    found: MatrixIsotropy, limits: Sequence[tuple[Isotropy, str]], notes: list[str], setting: Setting
) -> Iterator[Family]:
    """The families to compare with, the named ones first."""
    tried = set()
    for entry in NAMED:
        one = _family(entry.name, setting=setting)
        if found.k == found.d and _fits(one.key.isotropy, found):
            tried.add((one.key.isotropy, entry.limit))
            yield one
    for isotropy, limit in limits:
        if (isotropy, limit) in tried:
            continue
        tried.add((isotropy, limit))
        constant = sum(int(size.const) for size in isotropy.blocks if size.is_constant)
        if constant > LARGEST_CONSTANT:
            notes.append(f"families of {isotropy.label()} were not worked out: {constant} rows in constant blocks")
            continue
        blocks = ",".join(_size(size) for size in isotropy.blocks)
        one = _family(blocks=blocks, limit=limit, setting=setting)
        yield one
        if _several(one):
            for branch in range(1, MOST_BRANCHES + 1):
                another = _family(blocks=blocks, limit=limit, branch=branch, setting=setting)
                try:
                    _ = another.start
                except SymreluError:
                    break
                yield another


def _has_one_row_more(found: MatrixIsotropy) -> bool:
    """Whether the group is that of two diagonal blocks and one fixed row."""
    isotropy = found.isotropy
    return (
        isotropy is not None
        and found.k == found.d + 1
        and len(isotropy.blocks) == 2
        and [o.block for o in isotropy.rows] == [0, 1, None]
        and [o.block for o in isotropy.cols] == [0, 1]
    )


def _with_one_row_more(
    W: Array, found: MatrixIsotropy, notes: list[str], progress: Progress | None, setting: Setting
) -> Iterator[Family]:
    """For k = d + 1, two blocks and one fixed row: what the family with k = d whose diagonal has the matrix's signs
    becomes with one row more.
    """
    if not _has_one_row_more(found):
        return
    size = found.d - int(found.young.orbits()[0][0].const)
    if size > LARGEST_CONSTANT:
        notes.append(f"families with one row more were not worked out: {size} rows in a constant block")
        return
    first, rest = found.rows[0], found.rows[found.d - size :]
    last = W[[*rest[:1], *rest[size:]], found.cols[-size]]  # a block of one row may be either of the fixed rows
    signs = ["+" if x > 0 else "-" for x in (W[first, found.cols[0]], last[np.abs(last).argmax()])]
    base = _family(blocks=f"d-{size},{size}", limit=",".join(signs), setting=setting)
    try:
        grown = _grown(base, progress)
    except SymreluError as error:
        notes.append(f"families with one row more than {base.key.label()} were not compared: {error}")
        return
    notes.append(
        f"families tried with k = d + 1: {len(grown.families)} near {base.key.label()} whose further row tends to 0; "
        "branches are numbered among these"
    )
    yield from grown.families


_GROWN: dict[Family, FoundFamilies] = {}  # by the family, of which there is one object


def _grown(base: Family, progress: Progress | None) -> FoundFamilies:
    from symrelu.growing import with_one_row_more

    if base not in _GROWN:
        _GROWN[base] = with_one_row_more(base, progress)
    return _GROWN[base]


def _several(one: Family) -> bool:
    try:
        _ = one.start
    except SeveralFamilies:
        return True
    except SymreluError:
        return False
    return False


def _fits(isotropy: Isotropy, found: MatrixIsotropy) -> bool:
    try:
        return YoungType.of(isotropy, found.d) == found.young
    except BadInput:  # a block is no positive integer at this d
        return False


def _compared(W: Array, found: MatrixIsotropy, one: Family, tolerance: float, rescaled: bool) -> Candidate | None:
    """The family with the largest difference of entries between the matrix and its point at this d
    (`matrix_distance`); None where they are not of one type.
    """
    from symrelu.exact.arithmetic import MpmathArithmetic

    arithmetic, path, d = MpmathArithmetic(DIGITS), one.path(), Fraction(found.d)
    values = path.point(d, arithmetic)
    asked = path.of_asked(values)
    M = np.asarray(one.space.matrix([float(x) for x in asked[: one.space.dim]], found.d), dtype=float)
    if rescaled:
        M = _unit_rows(M)
    distance = matrix_distance(W, found, M, matrix_isotropy(M, min(tolerance, 1e-9)))
    if distance is None:
        return None
    # entries that are constant are those of the target, its rows in any order
    loss = 0.0 if path.is_constant else float(path.problem.at(arithmetic, values, arithmetic.rational(d)).loss())
    return Candidate(one, distance, loss)


def _size(size: Size) -> str:
    return str(size).replace(" ", "")


def _orbit(orbit: Orbit) -> int | str:
    return "*" if orbit.block is None else orbit.block + 1


def _orbits(orbits: Sequence[Orbit]) -> str:
    return ",".join(map(str, orbits))


def _listed(places: Sequence[int]) -> str:
    return " ".join(str(x + 1) for x in places)
