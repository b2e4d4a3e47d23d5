r"""The fixed-point space of a Young-type group: its coordinates a_1, a_2, ... and the matrices they stand for.

Fix(G) = {W in M(k, d): P_pi W P_rho^T = W for all (pi, rho) in G}. A pair (row orbit, column orbit) of the same block
has two coordinates (own column, then the other columns), every other pair has one; they are numbered row-major. For
Delta(S_{d-m} x S_m) this is the numbering of Theorem 1 of the paper (arXiv 2107.10370).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from symrelu.errors import BadInput, NotInFixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.size import Size

Kind = Literal["own", "other", "all"]


@dataclass(frozen=True)
class Coordinate:
    """One coordinate a_index of the fixed space.

    index: its number, from 1; row, col: positions (from 0) of the row and column orbit; kind: "own" for the entries of
    a row in its own column, "other" for those in the other columns of the same block, "all" where there is no own.
    """

    index: int
    row: int
    col: int
    kind: Kind

    @property
    def name(self) -> str:
        """The name a_1, a_2, ..."""
        return f"a_{self.index}"


@dataclass(frozen=True)
class FixedSpace:
    """The space of k x d matrices fixed by a Young-type isotropy group, with its coordinates."""

    isotropy: Isotropy

    @cached_property
    def coordinates(self) -> tuple[Coordinate, ...]:
        """The coordinates, row-major over (row orbit, column orbit); own before other."""
        found: list[Coordinate] = []
        for i in range(len(self.isotropy.rows)):
            for j in range(len(self.isotropy.cols)):
                for kind in self.kinds(i, j):
                    found.append(Coordinate(len(found) + 1, i, j, kind))
        return tuple(found)

    def kinds(self, row: int, col: int) -> tuple[Kind, ...]:
        """The kinds of coordinates of a pair of orbits, given their positions: ("own", "other") or ("all",)."""
        orbit = self.isotropy.rows[row]
        paired = orbit.block is not None and orbit == self.isotropy.cols[col]
        return ("own", "other") if paired and not self.isotropy.orbit_size(orbit).is_one else ("all",)

    @property
    def dim(self) -> int:
        """The dimension of the space: the number of coordinates."""
        return len(self.coordinates)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names "a_1", "a_2", ... of the coordinates."""
        return tuple(c.name for c in self.coordinates)

    @cached_property
    def _places(self) -> dict[tuple[int, int, str], int]:
        return {(c.row, c.col, c.kind): c.index - 1 for c in self.coordinates}

    def position(self, row: int, col: int, kind: Kind) -> int:
        """The place (from 0) of a coordinate, given the positions of its orbits and its kind.

        Raises `BadInput` if the pair of orbits has no coordinate of that kind.
        """
        try:
            return self._places[row, col, kind]
        except KeyError:
            raise BadInput(
                f"there is no coordinate of kind {kind!r} at row orbit {row}, column orbit {col} of "
                f"{self.isotropy.label()}; see FixedSpace.coordinates"
            ) from None

    def entry_count(self, coordinate: Coordinate, d: Any) -> Any:
        """How many entries of W equal this coordinate: n (own), n(n - 1) (other) or n n' (all), at d in any ring."""
        n = self._row_size(coordinate.row).at(d)
        if coordinate.kind == "own":
            return n
        if coordinate.kind == "other":
            return n * (n - 1)
        return n * self._col_size(coordinate.col).at(d)

    def _row_size(self, row: int) -> Size:
        return self.isotropy.orbit_size(self.isotropy.rows[row])

    def _col_size(self, col: int) -> Size:
        return self.isotropy.orbit_size(self.isotropy.cols[col])

    def index_matrix(self, d: int) -> np.ndarray:
        """The k x d matrix whose entries are the places (from 0) of the coordinates, for an integer d.

        Raises `BadInput` unless every block is a positive integer at d.
        """
        self.isotropy.check_integer(d)
        strips = []
        for i in range(len(self.isotropy.rows)):
            cells = []
            for j in range(len(self.isotropy.cols)):
                shape = (self._row_size(i).at(d), self._col_size(j).at(d))
                places = [self.position(i, j, kind) for kind in self.kinds(i, j)]
                cell = np.full(shape, places[-1], dtype=np.intp)
                if len(places) == 2:
                    np.fill_diagonal(cell, places[0])
                cells.append(cell)
            strips.append(np.hstack(cells))
        return np.vstack(strips)

    def matrix(self, values: Sequence[Any] | np.ndarray, d: int) -> np.ndarray:
        """The k x d matrix with these coordinates, for an integer d.

        `values` holds `dim` scalars in the order of the coordinates: Python or NumPy numbers give a numeric array,
        anything else (mpmath, SymPy, Fraction, ...) an array of objects. Raises `BadInput` for another number of
        values, or if a block is not a positive integer at d.
        """
        if len(values) != self.dim:
            raise BadInput(
                f"{len(values)} coordinates were given, but the fixed space of {self.isotropy.label()} has {self.dim}: "
                f"give {', '.join(self.names)}"
            )
        W: np.ndarray = _as_array(values)[self.index_matrix(d)]
        return W

    def restrict(self, W: np.ndarray, tolerance: float | None = None) -> np.ndarray:
        """The coordinates of a matrix of Fix(G), so that restrict(matrix(values, d)) equals values.

        W is k x d, with rows and columns in the order of the orbits. Entries that should be equal may differ by
        `tolerance` (by default 1e-9 times the largest entry for floats, nothing for integers and objects); the mean of
        floats is returned, the first of other entries. Raises `NotInFixedSpace` with the largest deviation, and
        `BadInput` if the shape does not fit or d is so small that some coordinate has no entry.
        """
        W = np.asarray(W)
        k, d = W.shape if W.ndim == 2 else (0, 0)
        if W.ndim != 2 or self.isotropy.k.at(d) != k:
            raise BadInput(
                f"a matrix of shape {W.shape} was given, but {self.isotropy.label()} acts on {self.isotropy.k} x d "
                f"matrices: give a matrix of that shape"
            )
        places = self.index_matrix(d)
        floating = W.dtype.kind in "fc"
        if tolerance is None and floating:
            tolerance = 1e-9 * float(np.max(np.abs(W)))
        values, worst, where = [], None, ""
        for c in self.coordinates:
            entries = W[places == c.index - 1]
            if not len(entries):
                raise BadInput(f"at d = {d} no entry of the matrix shows the coordinate {c.name}: try a larger d")
            first = entries[0]
            values.append(first + np.mean(entries - first) if floating else first)
            gap = max(abs(entry - first) for entry in entries)
            if worst is None or gap > worst:
                worst, where = gap, c.name
        if worst is not None and not worst <= (tolerance or 0):
            raise NotInFixedSpace(
                f"the matrix is not fixed by {self.isotropy.label()}: entries that should all equal {where} differ by "
                f"up to {worst}; try a smaller group, reorder the rows and columns, or allow a larger tolerance"
            )
        return _as_array(values)

    def normaliser_images(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The coordinates of all P W Q^T, (P, Q) in the normaliser of G in S_k x S_d: the point itself comes first.

        For diagonal groups whose blocks have different sizes. P and Q then map each block to itself; up to G, P = 1 and
        Q commutes with every S_n. That leaves the exchange of the two columns of a block of size 2: own and other entry
        of that block trade places. Raises `BadInput` for other groups.
        """
        if not self.isotropy.is_diagonal or len(set(self.isotropy.blocks)) < len(self.isotropy.blocks):
            raise BadInput(
                f"the normaliser of {self.isotropy.label()} is not known here: give a group Delta(...) whose blocks "
                "have different sizes, such as d-2,2"
            )
        images = [tuple(values)]
        for number, size in enumerate(self.isotropy.blocks):
            if size.is_constant and size.const == 2:
                own, other = (self.position(number, number, kind) for kind in ("own", "other"))
                for image in list(images):
                    exchanged = list(image)
                    exchanged[own], exchanged[other] = image[other], image[own]
                    images.append(tuple(exchanged))
        return images

    def random(self, rng: np.random.Generator) -> np.ndarray:
        """Standard normal coordinates from the given generator: a generic point of the space."""
        return rng.standard_normal(self.dim)

    def latex(self, values: Sequence[str] | None = None, rescaled: bool = False) -> str:
        r"""W in block form as in Theorem 1: A_n(a, b) has a on its diagonal and b elsewhere, \mathcal{I} is all ones.

        `values` replaces the names of the coordinates by other LaTeX; `rescaled` puts \text{Diag}(\lambda_1, ...) in
        front, the orbit of the rescalings of neurons.
        """
        names = tuple(f"a_{_subscript(c.index)}" for c in self.coordinates) if values is None else tuple(values)
        cells = self._cells(names, ",", r"{} \mathcal{{I}}_{{{},{}}}")
        if len(cells) == len(cells[0]) == 1:
            body = cells[0][0]
        else:
            rows = r" \\ \hline ".join(" & ".join(row) for row in cells)
            columns = "|".join("c" * len(cells[0]))
            body = rf"\left(\begin{{array}}{{{columns}}} {rows} \end{{array}}\right)"
        return r"\text{Diag}(" + self._run(r"\lambda_{}", r"\dots") + ") " + body if rescaled else body

    def latex_alpha(self, degree: int | None = 1, signs: Sequence[int] = ()) -> str:
        r"""The second layer of the rescaled family, (\lambda_1^{-1},\dots,\lambda_k^{-1}).

        `degree`: m, so that a neuron with the weights lambda w has the second layer lambda**(-m); None if the second
        layer is a variable of its own, \alpha_1, ... one a row orbit. `signs`: of the row orbits, all 1 if empty.
        """
        sizes = [self._row_size(i) for i in range(len(self.isotropy.rows))]
        if degree is None:
            runs = [
                rf"\alpha_{_subscript(i)}" + ("" if size.is_one else rf" \mathcal{{I}}_{{1,{size.latex()}}}")
                for i, size in enumerate(sizes, 1)
            ]
            return f"({', '.join(runs)})" if len(runs) > 1 else runs[0]
        form = rf"\lambda_{{}}^{{{{-{degree}}}}}"
        if len(set(signs)) < 2:
            return ("-" if -1 in signs else "") + "(" + self._run(form, r"\dots") + ")"
        runs, before = [], Size.of(0)
        for size, sign in zip(sizes, signs, strict=True):
            ends = dict.fromkeys(_subscript(x) for x in (before + 1, before + size))
            runs += [r",\dots,".join(("-" if sign < 0 else "") + form.format(end) for end in ends)]
            before = before + size
        return f"({','.join(runs)})"

    def text(self, values: Sequence[str] | None = None, rescaled: bool = False) -> str:
        """W in block form as plain text over several lines; I_{n,m} is the all-ones matrix.

        ``rescaled``: with Diag(lambda) before it.
        """
        names = self.names if values is None else tuple(values)
        cells = self._cells(names, ", ", "{} I_{{{},{}}}")
        widths = [max(len(row[j]) for row in cells) for j in range(len(cells[0]))]
        lines = [" | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells]
        rule = "\n" + "-+-".join("-" * w for w in widths) + "\n"
        body = rule.join(lines)
        return f"Diag({self._run('lambda_{}', '...')}) times\n{body}" if rescaled else body

    def _cells(self, names: tuple[str, ...], comma: str, ones: str) -> list[list[str]]:
        if len(names) != self.dim:
            raise BadInput(f"{len(names)} entries were given for the {self.dim} coordinates of the block form")
        table: list[list[str]] = [[] for _ in self.isotropy.rows]
        for i, cells in enumerate(table):
            for j in range(len(self.isotropy.cols)):
                height, width = self._row_size(i), self._col_size(j)
                own = [names[self.position(i, j, kind)] for kind in self.kinds(i, j)]
                if len(own) == 2:
                    cells.append(f"A_{_subscript(height)}({own[0]}{comma}{own[1]})")
                elif height.is_one and width.is_one:
                    cells.append(own[0])
                else:
                    factor = f"({own[0]})" if "+" in own[0] or "-" in own[0][1:] else own[0]
                    cells.append(ones.format(factor, height.latex(), width.latex()))
        return table

    def _run(self, form: str, dots: str) -> str:
        """The list x_1, ..., x_k."""
        k = self.isotropy.k
        if k.is_constant and k.const <= 3:
            return ",".join(form.format(i) for i in range(1, int(k.const) + 1))
        return ",".join([form.format(1), dots, form.format(_subscript(k))])


def _subscript(value: Size | int) -> str:
    text = value.latex() if isinstance(value, Size) else str(value)
    return text if len(text) == 1 else f"{{{text}}}"


def _as_array(values: Sequence[Any] | np.ndarray) -> np.ndarray:
    if isinstance(values, np.ndarray):
        return values
    if all(isinstance(v, (int, float, complex, np.number)) and not isinstance(v, bool) for v in values):
        return np.asarray(values)
    array = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):  # one by one: NumPy would unpack scalars that are sequences themselves
        array[i] = value
    return array
