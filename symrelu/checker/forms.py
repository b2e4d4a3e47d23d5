"""The Hessian of the loss as a bilinear form on representatives of an isotypic component, over any arithmetic.

With unit rows u, v and sine, cosine of their angle the second derivatives of kappa(w, v) are, as forms in directions
x (of w) and y (of v), with perp(x) = v.x - cos u.x:

    w, w:   |v|/(2 pi |w|) (sin (x.x' - u.x u.x') + perp(x) perp(x')/sin)
    w, v:   1/(2 pi) (sin u.x v.y + perp(x) perp'(y)/sin + psi x.y) + k/4 x.y

and L'' = sum_i (x_i.x_i'/2 + sum_j ww(i, j) - sum_j ww(i, target j)) + sum_{i != j} wv(i, j). Common factors are taken
out before anything is subtracted: the cancellation of sums over a block is between exact leading ones.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symrelu.checker.pairs import HALF, QUARTER, Rows, Scalar
from symrelu.checker.young import Component, Direction, Part, directions, parts_of

Row = dict[tuple[Part, bool], Any]  # a row by column part; True: the own column within the rest of the own block


def times(a: Any, b: Any) -> Any:
    """A product that stays the integer 0 if a factor is."""
    return 0 if (isinstance(a, int) and a == 0) or (isinstance(b, int) and b == 0) else a * b


class Forms:
    """The refinement of one component at one point, and the forms on its representatives."""

    def __init__(self, rows: Rows, component: Component, over_two_pi: Any, wide_sine: dict[int, Any] | None = None):
        self.rows, self.over_two_pi = rows, over_two_pi
        young = rows.young
        self.count: dict[Part, Any] = {}
        for part in parts_of(young, component):
            fixed = young.sizes[part[0]].fixed
            split = component.singles if part[0] in component.blocks else 0
            count = 1 if part[1] >= 0 else rows.n[part[0]] - split if fixed is None else fixed - split
            if not (isinstance(count, int) and count == 0):
                self.count[part] = count
        self.parts = list(self.count)
        self.w = {part: self._weights(part) for part in self.parts}
        # blocks whose rows may be parallel to their targets: their sine is only bounded
        self.wide_sine = wide_sine or {}
        self.sine_own: dict[int, Any] = {
            a: None if a in self.wide_sine else rows.rest[a].sqrt() * rows.inverse[a] for a in rows.blocks
        }
        self.stretch = {a: rows.stretch(a) for a in rows.blocks}

    def _weights(self, part: Part) -> Row:
        rows, a = self.rows, part[0]
        row: Row = {}
        for column in self.parts:
            b = column[0]
            if b != a:
                row[column, False] = rows.cross[a, b]
            elif column == part:
                row[column, True] = rows.own[a]
                if part[1] < 0 and a in rows.other:
                    row[column, False] = rows.other[a]
            else:
                row[column, False] = rows.other[a]
        return row

    def _columns(self, i: Part, j: Part, same: bool) -> list[tuple[tuple[Part, bool], tuple[Part, bool], Any]]:
        """Columns met by a row of part i and a row of part j: their keys in both rows, and how many they are."""
        out: list[tuple[tuple[Part, bool], tuple[Part, bool], Any]] = []
        for column in self.parts:
            left = self.count[column]
            if column == i:
                out.append(((column, True), (column, same), 1))
                left = left - 1
            if column == j and not (i == j and same):
                out.append(((column, i == j and same), (column, True), 1))
                left = left - 1
            if not (isinstance(left, int) and left == 0):
                out.append(((column, False), (column, False), left))
        return out

    def inner(self, x: Row, i: Part, y: Row, j: Part, same: bool) -> Any:
        """The inner product of a row of part i and a row of part j (the same row, or two different ones)."""
        total: Any = 0
        for left, right, count in self._columns(i, j, same):
            total = total + times(times(x.get(left, 0), y.get(right, 0)), count)
        return total

    def direction(self, entries: Direction) -> Prepared:
        """A representative with its products with the rows."""
        x: dict[Part, Row] = {i: {} for i in self.parts}
        for (i, j, same), value in entries.items():
            if i in x and j in x:
                x[i][j, same] = value
        return Prepared(self, {i: row for i, row in x.items() if row})

    def value(self, x: Prepared, y: Prepared) -> Any:
        """The Hessian at the two representatives."""
        rows, plain, curved = self.rows, 0, 0
        for i in x.rows:
            if i not in y.rows:
                continue
            a = i[0]
            xy = self.inner(x.rows[i], i, y.rows[i], i, True)
            plain = plain + times(times(xy, HALF), self.count[i])
            stretch = self.stretch[a] if a in self.wide_sine else self.stretch[a] - self.sine_own[a]
            inside = times(stretch, xy - times(x.along[i], y.along[i]))
            shear: Any = 0
            for (j, _), (count, left, right) in self._perps(x, y, i, "student").items():
                pair = times(times(left, right), count)
                if not (isinstance(pair, int) and pair == 0):
                    shear = shear + rows.norm[j[0]] * pair / rows.sin["student", a, j[0]]
            for (j, same), (count, left, right) in self._perps(x, y, i, "teacher").items():
                pair = times(times(left, right), count)
                if isinstance(pair, int) and pair == 0:
                    continue
                shear = shear - pair / (self.sine_own[a] if same else rows.sin["teacher", a, j[0]])
            if a in self.wide_sine:
                inside = inside + self.wide_sine[a] * _norm(xy, x, y, i)
            curved = curved + times(times(rows.inverse[a], inside + shear), self.count[i])
        for i in x.rows:
            for j in y.rows:
                count = self.count[i] - 1 if i == j else self.count[j]
                if isinstance(count, int) and count == 0:
                    continue
                a, b = i[0], j[0]
                xy = self.inner(x.rows[i], i, y.rows[j], j, False)
                count = times(count, self.count[i])
                plain = plain + times(times(xy, QUARTER), count)
                sine = rows.sin["student", a, b]
                mixed = times(sine, times(x.along[i], y.along[j])) + times(rows.psi["student", a, b], xy)
                pair = times(x.student[i, j], y.student[j, i])
                if not (isinstance(pair, int) and pair == 0):
                    mixed = mixed + pair / sine
                curved = curved + times(mixed, count)
        return plain + times(curved, self.over_two_pi)

    def _perps(self, x: Prepared, y: Prepared, i: Part, kind: str) -> dict[tuple[Part, bool], tuple[Any, Any, Any]]:
        out: dict[tuple[Part, bool], tuple[Any, Any, Any]] = {}
        for j in self.parts:
            count = self.count[j] - 1 if i == j else self.count[j]
            if kind == "teacher" and i == j and i[0] not in self.wide_sine:
                out[j, True] = (1, x.target[i, j, True], y.target[i, j, True])
            if isinstance(count, int) and count == 0:
                continue
            if kind == "student":
                out[j, False] = (count, x.student[i, j], y.student[i, j])
            else:
                out[j, False] = (count, x.target[i, j, False], y.target[i, j, False])
        return out


def _norm(xy: Any, x: Prepared, y: Prepared, i: Part) -> Any:
    """A bound of |x_i| |y_i|."""
    return x.length(i) * y.length(i)


class Prepared:
    """A direction with its rows' products: along = u.x, student = perp towards another row, target = towards e_j."""

    def __init__(self, forms: Forms, rows: dict[Part, Row]) -> None:
        self.forms, self.rows = forms, rows
        table = forms.rows
        self.along: dict[Part, Any] = {}
        self.student: dict[tuple[Part, Part], Any] = {}
        self.target: dict[tuple[Part, Part, bool], Any] = {}
        for i, x in rows.items():
            a = i[0]
            along = self.along[i] = times(forms.inner(x, i, forms.w[i], i, True), table.inverse[a])
            for j in forms.parts:
                b = j[0]
                count = forms.count[j] - 1 if i == j else forms.count[j]
                if i == j and a not in forms.wide_sine:
                    # exact for parallel rows: the own column carries sin**2, the others no cancellation
                    sine = forms.sine_own[a]
                    own = x.get((i, True), 0)
                    apart = {key: value for key, value in x.items() if key != (i, True)}
                    aside = times(forms.inner(apart, i, forms.w[i], i, True), table.inverse[a])
                    cosine = table.own[a] * table.inverse[a]
                    self.target[i, j, True] = times(sine * sine, own) - times(cosine, aside)
                if isinstance(count, int) and count == 0:
                    continue
                towards = times(forms.inner(x, i, forms.w[j], j, False), table.inverse[b])
                self.student[i, j] = towards - times(table.cos["student", a, b], along)
                self.target[i, j, False] = x.get((j, False), 0) - times(table.cos["teacher", a, b], along)

    def length(self, i: Part) -> Any:
        """The norm of row i of the direction."""
        return (self.forms.rows.total(()) + self.forms.inner(self.rows[i], i, self.rows[i], i, True)).sqrt()


def blocks(forms: Forms, component: Component) -> list[list[Scalar]]:
    """The component's block: the matrix of the Hessian on its representatives."""
    prepared = [forms.direction(entries) for entries in directions(forms.rows.young, component)]
    size = len(prepared)
    out: list[list[Scalar]] = [[None] * size for _ in range(size)]
    zero = forms.rows.own[0] * 0
    for i in range(size):
        for j in range(i, size):
            out[i][j] = out[j][i] = zero + forms.value(prepared[i], prepared[j])
    return out


def multiplicities(forms_rows: Rows) -> list[Any]:
    """How many entries of the matrix each coordinate of Fix(G) stands for."""
    n, out = forms_rows.n, []
    for kind, a, b in forms_rows.young.coordinates:
        count = n[a] if forms_rows.several[a] else Fraction(1)
        out.append(count if kind == "own" else n[a] * (n[a] - 1) if kind == "other" else n[a] * n[b])
    return out
