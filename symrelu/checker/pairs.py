"""Norms and angles of the rows of a point of Fix(G), and the gradient of the loss, over any arithmetic.

The loss is L(W) = 1/2 sum kappa(w_i, w_j) - sum kappa(w_i, e_j) + const with the ReLU kernel, second layer 1. The
arithmetics are exact series (`formal`) and Taylor models (`taylor`): both have + - * / sqrt, asin and chi = asin - id.

Angles theta are kept as pi - theta = k pi/2 + psi with an exact k and a small psi, so that rational parts cancel
exactly: k = 1 and psi = asin(cos) for pairs that are orthogonal in the limit; for a row A, whose limit is s e_own with
s = +1 or -1, and its own target, sin**2 is a sum of squares (Lagrange's identity) and psi = -s asin(sin).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symrelu.checker.young import Young

Scalar = Any
QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)


class Rows:
    """The rows of one point: entries, block sizes, norms, sines, psi, by orbit."""

    def __init__(self, young: Young, signs: Sequence[int], entries: Sequence[Scalar], sizes: Sequence[Scalar]) -> None:
        self.young, self.signs, self.n = young, signs, list(sizes)
        self.own: dict[int, Scalar] = {}
        self.other: dict[int, Scalar] = {}
        self.cross: dict[tuple[int, int], Scalar] = {}
        for (kind, a, b), value in zip(young.coordinates, entries, strict=True):
            if kind == "cross":
                self.cross[a, b] = value
            else:
                (self.own if kind == "own" else self.other)[a] = value
        blocks = self.blocks = range(len(young.sizes))
        self.several = [size.fixed != 1 for size in young.sizes]  # more than one row in the orbit
        self.rest, self.norm, self.inverse = [], [], []
        self.sine_own: list[Scalar] = []
        for a in blocks:
            rest = self.total(self.n[b] * (self.cross[a, b] * self.cross[a, b]) for b in blocks if b != a)
            if self.several[a]:
                rest = rest + (self.n[a] - 1) * (self.other[a] * self.other[a])
            norm = (self.own[a] * self.own[a] + rest).sqrt()
            self.rest.append(rest)
            self.norm.append(norm)
            self.inverse.append(1 / norm)
        self.cos: dict[tuple[str, int, int], Scalar] = {}
        self.sin: dict[tuple[str, int, int], Scalar] = {}
        self.psi: dict[tuple[str, int, int], Scalar] = {}
        for a in blocks:
            if self.several[a]:
                self._pair(("student", a, a), self._inner(a, a) * self.inverse[a] * self.inverse[a])
                self._pair(("teacher", a, a), self.other[a] * self.inverse[a])
            for b in blocks:
                if b != a:
                    self._pair(("teacher", a, b), self.cross[a, b] * self.inverse[a])
                if b > a:
                    self._pair(("student", a, b), self._inner(a, b) * self.inverse[a] * self.inverse[b])
                    for table in (self.cos, self.sin, self.psi):
                        table["student", b, a] = table["student", a, b]

    def total(self, terms: Any) -> Scalar:
        """A sum, from the arithmetic's zero."""
        out = self.own[0] * 0
        for term in terms:
            out = out + term
        return out

    def _pair(self, key: tuple[str, int, int], cos: Scalar) -> None:
        self.cos[key], self.sin[key], self.psi[key] = cos, (1 - cos * cos).sqrt(), cos.asin()

    def _inner(self, a: int, b: int) -> Scalar:
        n, several = self.n, self.several
        if a == b:
            out = 2 * (self.own[a] * self.other[a]) + (n[a] - 2) * (self.other[a] * self.other[a])
        else:
            out = self.own[a] * self.cross[b, a] + self.cross[a, b] * self.own[b]
            if several[a]:
                out = out + (n[a] - 1) * (self.other[a] * self.cross[b, a])
            if several[b]:
                out = out + (n[b] - 1) * (self.cross[a, b] * self.other[b])
        for c in self.blocks:
            if c not in (a, b):
                out = out + n[c] * (self.cross[a, c] * self.cross[b, c])
        return out

    def stretch(self, a: int) -> Scalar:
        """Sum of |v| sin over the other students minus the sum of sin over the targets other than the own one."""
        out = self.total(())
        if self.several[a]:
            out = out + (self.n[a] - 1) * (self.norm[a] * self.sin["student", a, a] - self.sin["teacher", a, a])
        for b in self.blocks:
            if b != a:
                out = out + self.n[b] * (self.norm[b] * self.sin["student", a, b] - self.sin["teacher", a, b])
        return out


def gradient(rows: Rows, over_two_pi: Any) -> list[Scalar]:
    """dL/dw at one entry of each coordinate; ``over_two_pi`` is 1/(2 pi) in the arithmetic of the rows."""
    n, own, other, cross = rows.n, rows.own, rows.other, rows.cross
    out = []
    stretch = {a: rows.stretch(a) for a in rows.blocks}
    sine = {a: rows.rest[a].sqrt() * rows.inverse[a] for a in rows.blocks}
    for kind, a, b in rows.young.coordinates:
        value: Scalar = {"own": own.get(a), "other": other.get(a), "cross": cross.get((a, b))}[kind]
        # the other students' entries in this column, by orbit of the student
        partners: list[tuple[int, Scalar]] = []
        if rows.several[a]:
            if kind == "own":
                partners.append((a, (n[a] - 1) * other[a]))
            elif kind == "other":
                partners.append((a, own[a] + (n[a] - 2) * other[a]))
            else:
                partners.append((a, (n[a] - 1) * cross[a, b]))
        for c in rows.blocks:
            if c == a:
                continue
            if kind == "cross" and c == b:
                partners.append((c, own[c] + (n[c] - 1) * other[c] if rows.several[c] else own[c]))
            else:
                partners.append((c, n[c] * cross[c, b]))
        plain = value * HALF + rows.total(entry for _, entry in partners) * QUARTER
        radial = stretch[a] if kind == "own" else stretch[a] - sine[a]
        turning = (value * rows.inverse[a]) * radial
        turning = turning + rows.total(rows.psi["student", a, c] * entry for c, entry in partners)
        if kind == "own":
            s = rows.signs[a]
            plain = plain - (HALF if s > 0 else 0)
            cosine = value * rows.inverse[a] * s
            turning = turning + s * (sine[a] * sine[a] * sine[a] / (1 + cosine) + sine[a].chi())
        else:
            plain = plain - QUARTER
            turning = turning - rows.psi["teacher", a, b]
        out.append(plain + turning * over_two_pi)
    return out
