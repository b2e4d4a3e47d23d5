"""What a family is at one real d, as a value: printable, and plain data for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from symrelu import __version__
from symrelu.catalogue import FamilyKey
from symrelu.columns import aligned
from symrelu.errors import BadInput
from symrelu.exact.decimals import decimal_text
from symrelu.files import atomically
from symrelu.paths.start import Radius
from symrelu.symmetry.fixed_space import FixedSpace

LARGEST_SAVED = 10_000  # rows of a matrix that is written to a file


@dataclass(frozen=True)
class Number:
    """One number of an evaluation: its ``value``, an mpmath number, and an ``error`` that it does not exceed as far as
    two evaluations of different precision tell (None: exact). With a truncated series ``error`` is the true one.
    """

    value: Any
    error: Any = None

    def text(self, digits: int) -> str:
        """The value to so many significant digits; an exact zero is 0."""
        return "0" if self.value == 0 else decimal_text(self.value, digits, fixed=6)


@dataclass(frozen=True)
class EvaluatedEigenvalue:
    """One eigenvalue of an evaluation, numbered as its series is. ``multiplicity`` is formal: an integer where the
    block sizes are. The rescaling zeros are exactly 0. ``decided`` is False where the digits asked did not come out, as
    for an eigenvalue that vanishes at this d: nothing is claimed of it then.
    """

    component: str
    branch: int
    multiplicity: Fraction
    number: Number
    decided: bool = True

    @property
    def value(self) -> Any:
        """The eigenvalue."""
        return self.number.value


@dataclass(frozen=True, repr=False)
class Evaluation:
    """A family at one real d.

    Attributes
    ----------
    d: exactly. digits: significant digits that are right in every number. entries, loss: numbers by name, of the group
    that was asked for. eigenvalues: all of the Hessian, of both layers or of the first (``layers``); empty where the
    isotypic components have no meaning (a block of less than two rows). negative, zero, positive: how many of each,
    with multiplicity; None where a block size is no integer. truncated: the order of the series whose values these are,
    or None for the critical point itself. radius: the series' radius of convergence, where it was estimated.
    """

    key: FamilyKey
    d: Fraction
    digits: int
    layers: int
    entries: Mapping[str, Number]
    loss: Number
    eigenvalues: tuple[EvaluatedEigenvalue, ...]
    negative: int | None
    zero: int | None
    positive: int | None
    truncated: int | None = None
    radius: Radius | None = None
    version: str = __version__

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))

    @property
    def error(self) -> Any:
        """The largest error of all numbers, relative to their size (absolute where a value is 0)."""
        numbers = [*self.entries.values(), self.loss, *(e.number for e in self.eigenvalues)]
        relative = [n.error / abs(n.value) if n.value else n.error for n in numbers if n.error is not None]
        return max(map(abs, relative), default=0)

    def matrix(self) -> Any:
        """W as a numpy array of floats, for an integer d. Raises BadInput for others and for very large ones."""
        import numpy as np

        check_matrix(self.d)
        space = FixedSpace(self.key.isotropy)
        return np.asarray(space.matrix([float(x.value) for x in self.entries.values()], int(self.d)))

    def save(self, path: str) -> None:
        """Write W to a .npy file, whole or not at all. Raises BadInput for another ending or a d that is no integer."""
        import numpy as np

        check_file(path, self.d)
        matrix = self.matrix()
        with atomically(path) as temporary, temporary.open("wb") as file:
            np.save(file, matrix)

    def text(self) -> str:
        """The evaluation as text."""
        from mpmath import nstr

        what = "both layers trained" if self.layers == 2 else "the first layer trained, the second fixed at 1"
        lines = [f"family {self.key.label()}  at d = {_short(self.d)}"]
        if self.truncated is not None:
            lines.append(f"the series through t**{self.truncated}, t = d**(-1/2), and in brackets its true error")
        if self.radius is not None:
            lines.append(self.radius.text())
        lines.append("")
        names = [*self.entries, "loss"]
        for name, x in zip(names, [*self.entries.values(), self.loss], strict=True):
            lines.append(f"{name:<{max(map(len, names))}} = {self._shown(x)}")
        if self.eigenvalues:
            lines += ["", f"Hessian eigenvalues, {what}", ""]
            rows = [("component", "branch", "multiplicity", "eigenvalue")]
            for e in self.eigenvalues:
                value = self._shown(e.number) if e.value else "0  (exactly)"
                value += "" if e.decided else "  (not decided: it may be 0)"
                rows.append((e.component, str(e.branch), _short(e.multiplicity), value))
            lines += aligned(rows)
        else:
            lines += ["", "no eigenvalues: the isotypic components of a block of less than two rows have no meaning"]
        if self.negative is not None:
            of = "" if self.truncated is None else " at the critical point itself"
            counts = (_short(Fraction(n or 0)) for n in (self.negative, self.zero, self.positive))
            lines += ["", "{} negative, {} zero, {} positive".format(*counts) + of]
        if self.truncated is None:
            lines += ["", f"relative error below {nstr(self.error, 2)}, as a second evaluation with more digits tells"]
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<Evaluation {self.key.label()} at d = {_short(self.d)}, {self.digits} digits>"

    def _shown(self, x: Number) -> str:
        if self.truncated is None:
            return x.text(self.digits)
        return f"{x.text(self.digits)}  ({Number(x.error).text(3)})"

    def latex(self) -> str:
        """Entries and loss in LaTeX."""
        rows = [f"d &= {self.d}"]
        rows += [f"a_{{{name[2:]}}} &= {_latex(x.text(self.digits))}" for name, x in self.entries.items()]
        rows.append(rf"\mathcal{{L}} &= {_latex(self.loss.text(self.digits))}")
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def to_json(self) -> dict[str, Any]:
        """The evaluation as plain data (the contract of ``symrelu evaluate --format json``)."""
        data: dict[str, Any] = {
            "family": self.key.name,
            "d": str(self.d),
            "digits": self.digits,
            "layers": self.layers,
            "entries": {name: x.text(self.digits) for name, x in self.entries.items()},
            "loss": self.loss.text(self.digits),
            "eigenvalues": [
                {
                    "component": e.component,
                    "branch": e.branch,
                    "multiplicity": str(e.multiplicity),
                    "value": e.number.text(self.digits),
                    **({} if e.decided else {"decided": False}),
                    **(self._difference(e.number)),
                }
                for e in self.eigenvalues
            ],
            "negative": self.negative,
            "zero": self.zero,
            "positive": self.positive,
            "relative_error": Number(self.error).text(2) if self.truncated is None else None,
            "radius": None if self.radius is None else {"t": f"{self.radius.value:.2g}", "terms": self.radius.terms},
        }
        if self.truncated is not None:
            data["truncated"] = self.truncated
            data["difference"] = {
                name: Number(x.error).text(6) for name, x in [*self.entries.items(), ("loss", self.loss)]
            }
        return data | {"version": self.version}

    def _difference(self, x: Number) -> dict[str, str]:
        return {} if self.truncated is None else {"difference": Number(x.error if x.error is not None else 0).text(6)}


def check_matrix(d: Fraction) -> None:
    """Raise BadInput unless d is an integer at which a whole matrix is written out."""
    if d.denominator != 1:
        raise BadInput(f"d = {d} was given; a whole matrix needs an integer")
    if d > LARGEST_SAVED:
        raise BadInput(f"d = {_short(d)} was given; matrices of up to {LARGEST_SAVED} columns are written out")


def check_file(path: str, d: Fraction) -> None:
    """Raise BadInput for a file name that does not end in .npy or stands in no folder, or a d without a matrix."""
    if not path.endswith(".npy"):
        raise BadInput(f"the file {path!r} was given; the matrix is written as .npy: try W.npy")
    if not FilePath(path).parent.is_dir():
        raise BadInput(f"the file {path!r} cannot be written: there is no folder {str(FilePath(path).parent)!r}")
    check_matrix(d)


def _short(x: Fraction) -> str:
    text = str(x)
    return text if len(text) <= 24 else f"{float(x):.6g}" if x < 10**300 else f"{text[:6]}... ({len(text)} digits)"


def _latex(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa
