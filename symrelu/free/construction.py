"""How a law is made: a tree of ensembles and operations that says itself, takes numbers and draws random matrices."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

        Raises BadInput for a parameter that is open, and for a free power below 1.
        """
        import numpy as np

        values = [float(fraction(number, "a sample")) for number in self.numbers]
        if self.kind == "Semicircle":
            X = rng.standard_normal((n, n)) * np.sqrt(values[0] / (2 * n))
            return X + X.T
        if self.kind == "MarchenkoPastur":
            phi, mean = values
            p = max(1, round(n / phi))
            X = rng.standard_normal((n, p)) * np.sqrt(mean / p)
            return X @ X.T
        if self.kind == "ProductWishart":
            eps, phi = values
            half = (n + 1) // 2
            p = max(1, round(half / phi))
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
                total += _rotated(part.draw(n, rng), rng)
            return total
        if self.kind == "product":
            return _free_product([part.draw(n, rng) for part in self.of], rng)
        if self.kind == "root":
            root = _root(self.of[0].draw((n + 1) // 2, rng))
            zero = np.zeros_like(root)
            return np.block([[zero, root], [root, zero]])[:n, :n]
        if self.kind == "power" and values[0] < 1:
            raise BadInput(f"{self} was to be sampled: free powers have a matrix model here from the power 1 on")
        if self.kind == "power":  # t times a corner of size n of a matrix t times as large (Nica & Speicher 1996)
            return values[0] * _rotated(self.of[0].draw(max(n, round(values[0] * n)), rng), rng)[:n, :n]
        if self.kind == "transposed":  # zeros added, or those nearest to 0 left out
            spectrum = np.linalg.eigvalsh(self.of[0].draw(max(1, round(n / values[0])), rng))
            kept = spectrum[np.argsort(-np.abs(spectrum))][:n]
            return np.diag(np.concatenate([kept, np.zeros(n - len(kept))]))
        (A,) = (part.draw(n, rng) for part in self.of)
        if self.kind == "scale":
            return values[0] * A
        if self.kind == "shift":
            return A + values[0] * np.eye(n)
        return np.linalg.inv(A) if self.kind == "inverse" else A @ A


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
