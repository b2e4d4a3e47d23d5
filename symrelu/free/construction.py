"""How a law is made: a tree of ensembles and operations that says itself, takes numbers and draws random matrices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import sympy as sp

from symrelu.errors import BadInput
from symrelu.free.parameters import fraction, parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

Kind = Literal[
    "Semicircle", "MarchenkoPastur", "ProductWishart", "PointMass", "Discrete",
    "sum", "product", "scale", "shift", "inverse", "square", "root", "transposed", "power",
]  # fmt: skip
ENSEMBLES = {
    "Semicircle": ("variance",),
    "MarchenkoPastur": ("phi", "mean"),
    "ProductWishart": ("eps", "phi"),
    "PointMass": ("at",),
}
POSITIVE = {"variance", "phi", "mean", "eps"}
UNARY = {"inverse": "inverse", "square": "square", "root": "symmetric_root"}
CLOSE = Fraction(3, 100)  # how near a sample's ratio of rows to columns must be to phi, relatively
MOST_ENTRIES = 10**8  # of one matrix: 0.8 GB


@dataclass(frozen=True)
class Construction:
    """An ensemble with its parameters, or an operation on other constructions (and its number, if it has one)."""

    kind: Kind
    numbers: tuple[sp.Expr, ...] = ()
    of: tuple[Construction, ...] = ()

    def __str__(self) -> str:
        inner = [str(part) for part in self.of]
        if self.kind in ENSEMBLES:
            said = ", ".join(f"{n}={v}" for n, v in zip(ENSEMBLES[self.kind], self.numbers, strict=True))
            return f"{self.kind}({said})"
        if self.kind == "Discrete":
            half = len(self.numbers) // 2
            pairs = zip(self.numbers[:half], self.numbers[half:], strict=True)
            return "Discrete({" + ", ".join(f"{x}: {w}" for x, w in pairs) + "})"
        if self.kind == "sum":
            return " + ".join(inner)
        words = [
            f"({text})" if part.kind in ("sum", "shift") else text for text, part in zip(inner, self.of, strict=True)
        ]
        if self.kind == "product":
            return " @ ".join(words)
        if self.kind in UNARY:
            return f"{UNARY[self.kind]}({inner[0]})"
        number = self.numbers[0]
        said = f"({number})" if number.is_Add or number.is_negative or (number.is_Rational and number.q > 1) else number
        if self.kind == "scale":
            return f"{said} * {words[0]}"
        return f"{inner[0]} + {said}" if self.kind == "shift" else f"{self.kind}({inner[0]}, {said})"

    def subs(self, values: Mapping[sp.Symbol, sp.Expr]) -> Construction:
        """The same tree with values for symbols; BadInput if a parameter would not be as it must be."""
        numbers = tuple(number.subs(dict(values), simultaneous=True) for number in self.numbers)
        for name, number in zip(ENSEMBLES.get(self.kind, ()), numbers, strict=False):
            parameter(number, f"{name} of {self.kind}", positive=name in POSITIVE)
        if self.kind == "scale" and numbers[0] == 0:
            raise BadInput(f"the factor {self.numbers[0]} would be 0; the law of 0 X is PointMass(0)")
        if self.kind in ("power", "transposed"):
            parameter(numbers[0], f"the number of {self.kind}", positive=True)
        return replace(self, numbers=numbers, of=tuple(part.subs(values) for part in self.of))

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """A real symmetric n x n matrix; the parts of sums and products are put in free position by Haar rotations.

        Raises BadInput for a parameter that is open, for a free power below 1, and for an n at which the matrices have
        no whole sizes near the law's ratios (within 3 %), or more than 10**8 entries.
        """
        self._check_sizes(n)
        return self._draw(n, rng)

    def _check_sizes(self, n: int) -> None:
        for part, rows, columns, wanted in self._sizes(n):
            if rows * max(columns, rows) > MOST_ENTRIES:
                raise BadInput(
                    f"a sample of {n} rows was asked for, and {part} needs a matrix of"
                    f" {rows} x {columns if columns < 10**12 else 'more than 10**12'} for it; at most"
                    f" {MOST_ENTRIES} entries are drawn: give fewer rows, or a ratio nearer to 1"
                )
            if not _close(rows, columns, wanted):
                raise BadInput(
                    f"a sample of {n} rows was asked for, and {part} would be drawn with the ratio"
                    f" {rows}/{columns}; {self._advice(n)}"
                )

    def _advice(self, n: int) -> str:
        """The next number of rows that fits, in words."""
        for rows in range(n + 1, int(MOST_ENTRIES**0.5) + 1):
            sizes = self._sizes(rows)
            if all(_close(*size[1:]) and size[1] * max(size[1:3]) <= MOST_ENTRIES for size in sizes):
                return f"give {rows} rows"
        return f"no sample of at most {MOST_ENTRIES} entries comes near; give ratios nearer to 1"

    def _sizes(self, n: int) -> list[tuple[Construction, int, int, Fraction]]:
        """(part, rows, columns, the ratio they should have) of every matrix that :meth:`draw` takes whole sizes for."""
        values = [fraction(number, "a sample") for number in self.numbers]
        if self.kind == "MarchenkoPastur":
            return [(self, n, _columns(n, values[0]), values[0])]
        half = (n + 1) // 2
        if self.kind == "ProductWishart":
            return [(self, half, _columns(half, values[1]), values[1])]
        inner, own = n, []
        if self.kind == "root":
            inner = half
        elif self.kind == "power":
            inner = max(n, round(values[0] * n))
            own = [(self, inner, n, max(values[0], Fraction(1)))]
        elif self.kind == "transposed":
            inner = _columns(n, values[0])
            own = [(self, inner, n, 1 / values[0])]
        return own + [size for part in self.of for size in part._sizes(inner)]

    def _draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        import numpy as np

        exact = [fraction(number, "a sample") for number in self.numbers]
        values = [float(number) for number in exact]
        if self.kind == "Semicircle":
            X = rng.standard_normal((n, n)) * np.sqrt(values[0] / (2 * n))
            return X + X.T
        if self.kind == "MarchenkoPastur":
            mean = values[1]
            p = _columns(n, exact[0])
            X = rng.standard_normal((n, p)) * np.sqrt(mean / p)
            return X @ X.T
        if self.kind == "ProductWishart":
            eps = values[0]
            half = (n + 1) // 2
            p = _columns(half, exact[1])
            B = np.sqrt(eps / 2) / p * rng.standard_normal((half, p)) @ rng.standard_normal((p, half))
            H = np.block([[np.zeros((half, half)), B], [B.T, np.zeros((half, half))]])
            return H[:n, :n]
        if self.kind == "PointMass":
            return values[0] * np.eye(n)
        if self.kind == "Discrete":
            half = len(values) // 2
            ends = np.round(n * np.cumsum(values[half:])).astype(int)
            return np.diag(np.repeat(values[:half], np.diff(ends, prepend=0)))
        if self.kind == "sum":
            total = np.zeros((n, n))
            for part in self.of:
                total += _rotated(part._draw(n, rng), rng)
            return total
        if self.kind == "product":
            return _free_product([part._draw(n, rng) for part in self.of], rng)
        if self.kind == "root":
            root = _root(self.of[0]._draw((n + 1) // 2, rng))
            zero = np.zeros_like(root)
            return np.block([[zero, root], [root, zero]])[:n, :n]
        if self.kind == "power" and values[0] < 1:
            raise BadInput(f"{self} was to be sampled: free powers have a matrix model here from the power 1 on")
        if self.kind == "power":  # t times a corner of size n of a matrix t times as large (Nica & Speicher 1996)
            return values[0] * _rotated(self.of[0]._draw(max(n, round(exact[0] * n)), rng), rng)[:n, :n]
        if self.kind == "transposed":  # zeros added, or those nearest to 0 left out
            spectrum = np.linalg.eigvalsh(self.of[0]._draw(_columns(n, exact[0]), rng))
            kept = spectrum[np.argsort(-np.abs(spectrum))][:n]
            return np.diag(np.concatenate([kept, np.zeros(n - len(kept))]))
        (A,) = (part._draw(n, rng) for part in self.of)
        if self.kind == "scale":
            return values[0] * A
        if self.kind == "shift":
            return A + values[0] * np.eye(n)
        return np.linalg.inv(A) if self.kind == "inverse" else A @ A


def _columns(rows: int, ratio: Fraction) -> int:
    return max(1, round(rows / ratio))


def _close(rows: int, columns: int, wanted: Fraction) -> bool:
    return abs(Fraction(rows, columns) / wanted - 1) <= CLOSE


def _free_product(parts: Sequence[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """sqrt(P) A sqrt(P) for one factor P after the other, A first the factor that reaches deepest below 0."""
    import numpy as np

    order = np.argsort([np.linalg.eigvalsh(part)[0] for part in parts])
    total = parts[order[0]]
    for i in order[1:]:
        root = _root(_rotated(parts[i], rng))
        total = root @ total @ root
    return total


def _rotated(A: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Q A Q' with Q orthogonal of Haar measure."""
    import numpy as np

    Q, T = np.linalg.qr(rng.standard_normal(A.shape))
    Q = Q * np.sign(np.diag(T))
    return Q @ A @ Q.T


def _root(A: np.ndarray) -> np.ndarray:
    """The square root of a matrix without negative eigenvalues (but for rounding)."""
    import numpy as np

    values, vectors = np.linalg.eigh(A)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


__all__ = ["Construction"]
