"""Certificates: what is proved about a family at one d or for all d >= D, as a value, and as a file that can be
checked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from flint import arb

from symrelu import __version__
from symrelu.exact.balls import decimal, rounded_out, working_bits
from symrelu.proof.constant import Constant
from symrelu.proof.inertia import BlockIndex
from symrelu.proof.pieces import BITS, Middle, Piece, Tail
from symrelu.proof.remainder import Remainder
from symrelu.symmetry.isotropy import Isotropy

Verdict = Literal["minimum", "saddle", "degenerate", "index changes", "undecided"]
FORMAT, VERSION = "symrelu-certificate", 1


@dataclass(frozen=True, eq=False)
class Certificate:
    """What was proved about one family of critical points.

    Attributes
    ----------
    isotropy, limit, names: which family, and the names of its entries.
    verdict: of the Hessian: "minimum" and "saddle" are proved for every d of the range; "index changes": somewhere in
    it an eigenvalue changes sign (``reason`` says where); "undecided" and "degenerate" claim nothing else.
    d, from_d: the range, one of them None.
    remainder: with a range, what the series' remainder theorem says.
    enclosure: balls around the entries at d (or at from_d), with ``digits`` right digits.
    negative: the number of negative directions, with multiplicity (None unless it is one integer).
    indices: of the block of every component, proved (empty where undecided).
    pieces: the certified path from d = infinity.
    rests_on: what is assumed and not proved ("" for nothing). checkable: whether the independent checker knows the
    loss and the numbers of the family: ReLU, V = I, Delta(...) with limits +-1, exact coefficients.
    """

    family: str | None
    isotropy: Isotropy
    limit: tuple[Any, ...]
    names: tuple[str, ...]
    verdict: Verdict
    reason: str
    d: Fraction | None
    from_d: Fraction | None
    negative: int | None
    indices: tuple[BlockIndex, ...]
    enclosure: tuple[arb, ...]
    digits: int
    pieces: tuple[Piece | Constant, ...]
    remainder: Remainder | None = None
    label: str = ""
    rests_on: str = ""
    checkable: bool = True

    def statement(self) -> str:
        """What is proved, in a sentence."""
        where = f"at d = {short(self.d)}" if self.d is not None else f"for every real d >= {short(self.from_d)}"
        if self.verdict in ("minimum", "saddle"):
            words = "every block of the Hessian (modulo rescaling) is positive definite"
            if self.verdict == "saddle":
                bad = ", ".join(f"{i.negative} of {i.size} in {i.component.name}" for i in self.indices if i.negative)
                words = f"negative eigenvalues of the Hessian blocks: {bad}; the others are positive"
            return f"the family {self.label}, followed from d = infinity, exists {where}; {words}"
        return f"the family {self.label} {where}: {self.verdict} ({self.reason})"

    def text(self) -> str:
        """The certificate for a reader."""
        lines = [f"{self.verdict}: {self.statement()}"]
        at = self.d if self.d is not None else self.from_d
        if self.enclosure:
            lines.append(f"entries at d = {short(at)}, every one proved to the digits shown:")
            lines += [f"  {n} = {_shown(x, self.digits)}" for n, x in zip(self.names, self.enclosure, strict=True)]
        if self.negative is not None:
            lines.append(f"negative directions: {self.negative}")
        if self.indices:
            parts = [f"{i.component.name} {i.negative}/{i.size}" for i in self.indices]
            lines.append("negative eigenvalues of the blocks: " + ", ".join(parts))
        if self.remainder is not None:
            n = self.remainder.order
            lines.append(f"remainder, for all d >= {short(self.remainder.from_d)}:")
            lines += [
                f"  |{name} - (terms through t**{n})| <= {rounded_out(self.remainder.bound(name))} t**{n + 1}"
                for name in self.remainder.constants
            ]
        tail = self.pieces[0] if self.pieces else None
        if tail is not None:
            lines.append(
                f"certified path: d >= {float(1 / tail.t_to**2):.6g} in one piece, {len(self.pieces) - 1} more below it"
            )
        if self.rests_on:
            lines.append(f"rests on: {self.rests_on}")
        return "\n".join(lines)

    def latex(self) -> str:
        """The remainder theorem and the verdict as LaTeX."""
        at = f"d = {short(self.d)}" if self.d is not None else rf"\text{{every real }} d \ge {short(self.from_d)}"
        lines = [rf"\text{{{self.label}: {self.verdict} for }} {at}"]
        for name, x in zip(self.names, self.enclosure, strict=False) if self.remainder is None else ():
            lines.append(rf"a_{{{name.split('_')[1]}}} = {_shown(x, self.digits)}")
        if self.remainder is not None:
            n = self.remainder.order
            for name in self.remainder.constants:
                index = name.split("_")[1]
                lines.append(
                    rf"\Bigl| a_{{{index}}} - \sum_{{k \le {n}}} a_{{{index},k}}\, d^{{-k/2}} \Bigr| \le "
                    rf"{rounded_out(self.remainder.bound(name))}\, d^{{-{n + 1}/2}}"
                )
        return " \\\\\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The answer of ``symrelu certify``."""
        remainder = None
        if self.remainder is not None:
            remainder = {
                "order": self.remainder.order,
                "from_d": str(self.remainder.from_d),
                "constants": {n: _mid_rad(c, 12) for n, c in self.remainder.constants.items()},
            }
        return {
            "family": self.family,
            "verdict": self.verdict,
            "reason": self.reason or None,
            "d": None if self.d is None else str(self.d),
            "from_d": None if self.from_d is None else str(self.from_d),
            "negative": self.negative,
            "components": [
                {"component": i.component.name, "size": i.size, "negative": i.negative} for i in self.indices
            ],
            "enclosure": {n: _mid_rad(x, self.digits) for n, x in zip(self.names, self.enclosure, strict=False)},
            "digits": self.digits,
            "pieces": len(self.pieces),
            "remainder": remainder,
            "statement": self.statement(),
            "rests_on": self.rests_on or None,
            "version": __version__,
        }

    def to_file(self) -> dict[str, Any]:
        """The certificate as plain data that ``symrelu check`` proves again by itself.

        Raises Undecided unless the verdict is a minimum or a saddle, of a kind that the checker reads.
        """
        from symrelu.errors import Undecided

        if self.verdict not in ("minimum", "saddle"):
            raise Undecided(f"the verdict is {self.verdict!r}: only a minimum or a saddle is written as a certificate")
        if not self.checkable:
            raise Undecided(
                "the independent checker reads certificates of ReLU with the target I, groups Delta(...), limits +-1 "
                "and exact coefficients; this family is not of that kind, so no file is written"
            )
        tail, middle = self.pieces[0], [p for p in self.pieces if isinstance(p, Middle)]
        orbits = list(range(1, len(self.isotropy.blocks) + 1))
        return {
            "format": FORMAT,
            "version": VERSION,
            "kernel": "relu",
            "target": "I",
            "family": {
                "name": self.family,
                "blocks": [str(b) for b in self.isotropy.blocks],
                "rows": orbits,
                "cols": orbits,
                "limit": {n: str(v) for n, v in zip(self.names, self.limit, strict=True)},
            },
            "statement": self.statement(),
            "claim": {
                "from_d": None if self.from_d is None else str(self.from_d),
                "d": None if self.d is None else str(self.d),
                "verdict": self.verdict,
                "components": [
                    {"component": i.component.name, "size": i.size, "negative": i.negative} for i in self.indices
                ],
            },
            "tail": self._tail_json(tail),
            "middle": [self._middle_json(p) for p in middle],
            "point": None if self.d is None else self._point_json(),
            "symrelu": __version__,
        }

    def _named(self, values: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self.names, values, strict=True))

    def _tail_json(self, tail: Piece | Constant) -> dict[str, Any]:
        if isinstance(tail, Constant):
            last = max(p.t_to for p in self.pieces)
            exact = [[x.field.text(x[0])] for x in tail.entries]
            zero = {"mid": "0", "rad": "0"}
            return {
                "t_end": str(last),
                "order": 1,
                "polynomial": self._named(exact),
                "box": self._named([zero] * len(exact)),
                "exact": True,
                "cuts": [str(p.t_to) for p in self.pieces],
            }
        assert isinstance(tail, Tail)
        return {
            "t_end": str(tail.t_to),
            "order": tail.order,
            "polynomial": self._named([_texts(x, tail.order) for x in tail.polynomial]),
            "box": self._named([{"mid": _dyadic(b.mid()), "rad": _dyadic(b.rad())} for b in tail.box]),
            "series": self._named([_texts(x, tail.known) for x in tail.series]),  # longer than the polynomial
        }

    def _middle_json(self, piece: Middle) -> dict[str, Any]:
        return {
            "t_from": str(piece.t_from),
            "t_to": str(piece.t_to),
            "center": str(piece.center),
            "polynomial": self._named([[_dyadic(c) for c in cs] for cs in piece.polynomial]),
            "box": self._named([_dyadic(b) for b in piece.box]),
        }

    def _point_json(self) -> dict[str, Any]:
        return {
            "d": str(self.d),
            "mid": self._named([_dyadic(x.mid()) for x in self.enclosure]),
            "rad": self._named([_dyadic(x.rad()) for x in self.enclosure]),
        }


def short(d: Fraction | None) -> str:
    """A dimension for a reader: a decimal if it is a short one, a fraction or a power of ten otherwise."""
    if d is None:
        return ""
    if d.denominator == 1:
        digits = str(d)
        zeros = len(digits) - len(digits.rstrip("0"))
        return (
            digits
            if len(digits) <= 20
            else f"{digits[: len(digits) - zeros]}e{zeros}"
            if zeros > 20
            else f"{digits[:8]}..."
        )
    places = next((n for n in range(1, 25) if (d * 10**n).denominator == 1), None)
    if places is None:
        return str(d)
    digits = str(abs(int(d * 10**places))).rjust(places + 1, "0")
    return f"{'-' if d < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _texts(x: Any, stop: int) -> list[str]:
    return [x.field.text(x[i]) for i in range(stop)]


def _dyadic(x: arb) -> str:
    """An exact ball as m*2**e."""
    mantissa, exponent = x.man_exp()
    return f"{int(mantissa)}*2**{int(exponent)}"


def _shown(x: arb, digits: int) -> str:
    return decimal(x, digits) or str(x.str(digits, more=True))


def _mid_rad(x: arb, digits: int) -> dict[str, str]:
    """A ball as decimals that enclose it."""
    with working_bits(max(BITS, 4 * digits + 64)):
        text = x.str(max(digits + 4, 6), more=True)
        mid = text.strip("[]").split(" +/- ")
        return {"mid": mid[0], "rad": mid[1] if len(mid) > 1 else "0"}
