"""What more neurons do to a critical point at one d, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu import __version__
from symrelu.columns import aligned
from symrelu.errors import BadInput
from symrelu.paths.evaluation_result import Number


@dataclass(frozen=True)
class SplitValue:
    """One eigenvalue of D at one d, with its multiplicity in R^d (formal where a block size is no integer).

    ``component`` and ``branch`` as in a spectrum; ``number``: the value with its digits.
    """

    component: str
    branch: int
    multiplicity: Fraction
    number: Number


@dataclass(frozen=True)
class WidthRow:
    """What splitting does to a row of one orbit.

    Attributes
    ----------
    orbit: number of the row orbit, from 1; neurons: how many rows it has. values: the eigenvalues of D, without the 0
    along the row. negative, zero: how many of them, with multiplicity: what each neuron more adds to index and nullity
    (to the nullity one more, the line of splittings). proved: whether ``negative`` is proved by balls.
    """

    orbit: int
    neurons: Fraction
    values: tuple[SplitValue, ...]
    negative: Fraction
    zero: Fraction
    proved: bool = False


@dataclass(frozen=True)
class AtWidth:
    """The critical points with k neurons, k real, that splitting makes of one with fewer: all of the same loss.

    least, most: the smallest and largest index over all ways to spread the k - k0 neurons over the rows (formal where k
    or a block size is no integer). lines: the nullity that splitting adds at least, k - k0. verdict: "minimum" or
    "saddle" at k = k0; "saddle" if every splitting is one, "some saddles" if only some are, else "degenerate".
    """

    k: Fraction
    least: Fraction
    most: Fraction
    lines: Fraction
    verdict: str


@dataclass(frozen=True)
class Certified:
    """What is proved of the split points with one number of neurons, in words as of a certificate.

    verdict: "minimum" or "saddle" for the point itself, "degenerate" for all split ones: they lie on continua.
    least_negative, most_negative: the index over all ways to split. least_zero, most_zero: the nullity beyond the
    zeros of rescaling, likewise.
    """

    verdict: str
    least_negative: Fraction
    most_negative: Fraction
    least_zero: Fraction
    most_zero: Fraction

    def text(self) -> str:
        """The verdict in a few words."""
        negative = _span(self.least_negative, self.most_negative)
        if self.verdict != "degenerate":
            return f"{self.verdict}, {negative} negative directions (proved)"
        zero = _span(self.least_zero, self.most_zero)
        return (
            f"degenerate: continua of critical points, nullity {zero} beyond rescaling, {negative} negative directions "
            "(proved)"
        )


@dataclass(frozen=True, repr=False)
class Widths:
    """What more neurons do to a critical point at one d: k as a real number.

    Attributes
    ----------
    k: the neurons of the point itself. loss: the same for every number of neurons reached by splitting. index: the
    negative directions of the point, with multiplicity. rows: the forms D by row orbit. slopes: for each orbit of
    targets (their number, and the slope of the loss when a new neuron leaves 0 towards one). zero_loss: whether
    the point fits the target exactly. loss_with_one_more: what one neuron that leaves 0 towards the best target brings
    the loss down to. proved: whether the indices are proved in balls, else numerical. rests_on: what a proof
    assumes, "" for nothing.
    """

    label: str
    name: str | None
    d: Fraction
    k: Fraction
    digits: int
    loss: Number
    index: Fraction
    rows: tuple[WidthRow, ...]
    slopes: tuple[tuple[Fraction, Number], ...]
    zero_loss: bool
    loss_with_one_more: Any = None
    proved: bool = False
    rests_on: str = ""
    version: str = __version__

    def at(self, k: Fraction | int) -> AtWidth:
        """The split points with k neurons, any real k from the point's own on. Raises BadInput for a smaller k."""
        k = Fraction(k)
        if k < self.k:
            raise BadInput(
                f"k = {k} was given, but the point has {self.k} neurons: splitting only adds; give k >= {self.k}"
            )
        more = k - self.k
        least = self.index + more * min(row.negative for row in self.rows)
        most = self.index + more * max(row.negative for row in self.rows)
        if not more:
            verdict = "saddle" if self.index else "minimum"
        else:
            verdict = "saddle" if least else "some saddles" if most else "degenerate"
        return AtWidth(k, least, most, more, verdict)

    def certified(self, k: Fraction | int) -> Certified | None:
        """What is proved of the points with k neurons that splitting makes: None unless the indices are proved.

        The point itself lies in the balls of its certificate, without a zero eigenvalue beyond rescaling unless it fits
        the target exactly. Splitting keeps it critical, and each neuron more adds the line along which the copies share
        their length and the zeros of D to the nullity: for k above its own the points are degenerate.
        """
        if not self.proved:
            return None
        at = self.at(k)
        if not at.lines:
            return Certified(at.verdict, at.least, at.most, Fraction(0), Fraction(0))
        zeros = [1 + row.zero for row in self.rows]
        return Certified("degenerate", at.least, at.most, at.lines * min(zeros), at.lines * max(zeros))

    @property
    def threshold(self) -> Fraction | None:
        """The k beyond which, for every real k, some splitting of this point is a saddle: its own number of neurons, or
        None if no splitting adds a negative direction.

        No other number can be a threshold: the inertia of each new block does not depend on k.
        """
        return self.k if self.index or any(row.negative for row in self.rows) else None

    def text(self, ks: Sequence[Fraction] = ()) -> str:
        """The answer as text, with a line for each number of neurons in ``ks`` (default: k, k + 1, k + 2)."""
        how = "proved in balls" if self.proved else "numerical"
        lines = [
            f"family {self.label}  at d = {self.d}, k = {self.k} neurons",
            f"loss {self.loss.text(self.digits)}, {_plain(self.index)} negative directions ({how})",
            "",
            "splitting a neuron w: network and loss stay, for any real number of copies; the Hessian gains, once for "
            "each neuron more, the form D = Phi''(w) of its row (0 along w: a line of critical points)",
            "",
        ]
        rows = [("row orbit", "neurons", "component", "branch", "multiplicity", "eigenvalue of D")]
        for row in self.rows:
            for v in row.values:
                rows.append(
                    (
                        str(row.orbit),
                        _plain(row.neurons),
                        v.component,
                        str(v.branch),
                        _plain(v.multiplicity),
                        v.number.text(self.digits),
                    )
                )
        lines += [*aligned(rows), ""]
        for row in self.rows:
            lines.append(
                f"each neuron more on row orbit {row.orbit}: {_plain(row.negative)} negative directions more"
                + (" (proved)" if row.proved else "")
            )
        lines += [""]
        heads = [("k", "loss", "negative directions", "lines of critical points", "verdict")]
        for at in self._at(ks):
            heads.append((_plain(at.k), "the same", _span(at.least, at.most), _plain(at.lines), at.verdict))
        lines += [*aligned(heads), ""]
        if self.proved:
            lines += [*(f"k = {_plain(at.k)}: {self._proved(at).text()}" for at in self._at(ks)), ""]
        if self.threshold is None:
            lines.append("no number of further copies adds a negative direction")
        else:
            lines.append(
                f"a splitting is a saddle for every real k > {self.threshold}: there is no other threshold in k"
            )
        if self.zero_loss:
            lines.append("the loss is 0: no point of any width is lower")
        else:
            best = min(self.slopes, key=lambda pair: pair[1].value)[1].text(min(self.digits, 10))
            lines += [
                f"a new neuron that leaves 0 towards a target changes the loss at first order, slope {best} at best",
                "(theorem: the slopes of all targets, each times its beta, sum to -2 loss)",
            ]
        if self.rests_on:
            lines.append(f"rests on: {self.rests_on}")
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<Widths {self.label} at d = {self.d}>"

    def _proved(self, at: AtWidth) -> Certified:
        found = self.certified(at.k)
        assert found is not None
        return found

    def _certified_json(self, at: AtWidth) -> dict[str, str]:
        """What is proved of one width, to be added to its line."""
        found = self._proved(at)
        return {
            "certified": found.verdict,
            "least_zero": str(found.least_zero),
            "most_zero": str(found.most_zero),
        }

    def _at(self, ks: Sequence[Fraction]) -> list[AtWidth]:
        return [self.at(k) for k in (ks or (self.k, self.k + 1, self.k + 2))]

    def to_json(self, ks: Sequence[Fraction] = ()) -> dict[str, Any]:
        """The answer as plain data; numbers that are formal counts are fractions as text. "verdict": what is proved of
        the points with the most neurons asked for, "degenerate" for split ones; None without a proof. ``ks``: the
        numbers of neurons asked for.
        """
        return {
            "family": self.name,
            "d": str(self.d),
            "k": str(self.k),
            "digits": self.digits,
            "loss": self.loss.text(self.digits),
            "negative": str(self.index),
            "splitting": [
                {
                    "row_orbit": row.orbit,
                    "neurons": str(row.neurons),
                    "negative": str(row.negative),
                    "zero": str(row.zero),
                    "proved": row.proved,
                    "eigenvalues": [
                        {
                            "component": v.component,
                            "branch": v.branch,
                            "multiplicity": str(v.multiplicity),
                            "value": v.number.text(self.digits),
                        }
                        for v in row.values
                    ],
                }
                for row in self.rows
            ],
            "slopes": [
                {"target_orbit": i, "targets": str(n), "slope": x.text(self.digits)}
                for i, (n, x) in enumerate(self.slopes, 1)
            ],
            "widths": [
                {
                    "k": str(at.k),
                    "loss": self.loss.text(self.digits),
                    "least_negative": str(at.least),
                    "most_negative": str(at.most),
                    "lines": str(at.lines),
                    "verdict": at.verdict,
                    **(self._certified_json(at) if self.proved else {}),
                }
                for at in self._at(ks)
            ],
            "verdict": self._proved(max(self._at(ks), key=lambda at: at.k)).verdict if self.proved else None,
            "threshold_k": None if self.threshold is None else str(self.threshold),
            "proved": self.proved,
            "rests_on": self.rests_on or None,
            "version": self.version,
        }


def _span(least: Fraction, most: Fraction) -> str:
    return _plain(least) if least == most else f"{_plain(least)} to {_plain(most)}"


def _plain(x: Fraction) -> str:
    """An integer as such, a fraction as a decimal if it is one of few digits."""
    if x.denominator == 1:
        return str(x)
    return f"{float(x):.6g}"
