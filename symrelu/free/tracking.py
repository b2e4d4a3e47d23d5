"""The physical branch of L(G, z) = 0, followed from z = x + i infinity down to the real axis, with proof.

Where |z| >= 2 B (the support lies in [-B, B]) the moment series gives G. From there a chain of discs: by Rouche's
theorem, over a whole disc of z a disc of G, whose centre may move with z, holds exactly one root, which is then
analytic in z; the root carried over from the disc before lies in it. Nothing is chosen by size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log2

from flint import acb, acb_poly, acb_series, arb, ctx, fmpq, fmpq_poly

from symrelu.errors import Undecided
from symrelu.exact.balls import ball, working_bits
from symrelu.free.series import capped

Rows = Sequence[Sequence[Fraction]]  # the coefficients of G**0, G**1, ...; each in z, constant term first
LOWEST = 160  # bits below the starting height at which the descent is given up
SHARES = [Fraction(1, 2), *(Fraction(n, 1 << k) for k in range(3, 40) for n in (3, 2))]  # of the height, descending
FIRST_SHARE = 4
BITS = 128
MOMENTS = 96  # for the start
MOST_BITS = 1 << 14


@dataclass(frozen=True)
class Root:
    """The disc about ``centre`` + ``slope`` b in the plane of G, over the points z + b of a disc about some z."""

    centre: acb
    radius: arb
    slope: acb

    def at(self, b: acb) -> Root:
        """The disc over z + b."""
        return Root(self.centre + self.slope * b, self.radius, acb(0))

    def holds(self, other: Root) -> bool:
        """Whether a disc lies in this one, both over one point."""
        return bool(abs(self.centre - other.centre) + other.radius < self.radius)

    @property
    def ball(self) -> acb:
        """A ball (rectangle) around the disc over z."""
        r = arb(0, self.radius.abs_upper())
        return acb(self.centre.real + r, self.centre.imag + r)


@dataclass(frozen=True)
class Disc:
    """Over |z - x - i height| <= 2 half the disc ``root`` holds one root; its segment: height +- half."""

    height: Fraction
    half: Fraction
    root: Root


class Branch:
    """The physical branch of a curve.

    Parameters
    ----------
    rows: L's coefficients. bound: a B with the support in [-B, B]. moments: n -> [m_0 = 1, ..., m_n].
    """

    def __init__(self, rows: Rows, bound: Fraction, moments: Callable[[int], Sequence[Fraction]]) -> None:
        self.rows = [[fmpq(c.numerator, c.denominator) for c in row] for row in rows]
        self.bound = max(bound, Fraction(1, 1 << 10))
        self._moments, self._known = moments, [Fraction(1)]
        self._balls: dict[int, list[acb_poly]] = {}
        self._chains: dict[Fraction, tuple[Fraction, list[Disc]]] = {}

    def moments(self, n: int) -> list[Fraction]:
        """m_0 = 1, ..., m_n."""
        if len(self._known) <= n:
            self._known = list(self._moments(n))
        return self._known[: n + 1]

    # -- at a point, and over a disc ----------------------------------------------------------------------------------

    def _rows_at(self, z: acb) -> list[acb_poly]:
        """The coefficients of G**0, ... as polynomials in b, z + b put for z."""
        bits = ctx.prec
        if bits not in self._balls:
            self._balls[bits] = [acb_poly([acb(c) for c in row]) for row in self.rows]
        shift = acb_poly([z, 1])
        return [row(shift) for row in self._balls[bits]]

    @staticmethod
    def _approximate(values: acb_poly, guess: acb, bits: int) -> acb:
        """Newton's method from ``guess`` for L(., z); without claims."""
        slopes = values.derivative()
        for _ in range(60):
            step = values(guess) / slopes(guess)
            if not step.is_finite():
                break
            guess = acb((guess - step).mid())
            if abs(step) < abs(guess) * arb(2) ** (-bits // 2 - 8):  # the next step would be below 2**-bits
                last = values(guess) / slopes(guess)
                return acb((guess - last).mid()) if last.is_finite() else guess
        return guess

    def _isolated(self, z: acb, radius: arb, guess: acb, start: arb | None = None) -> Root | None:
        """A disc about ``guess`` + slope b that holds exactly one root over every z + b, |b| <= radius; None if not
        proved. With L(guess + slope b + beta, z + b) = sum T_jk beta**j b**k it does if |T_10| r exceeds the sum of the
        other |T_jk| r**j radius**k (Rouche).
        """
        rows = self._rows_at(z)
        slope = acb(0)
        if radius.is_zero():
            taylor = [acb_poly([c]) for c in acb_poly([row[0] for row in rows])(acb_poly([guess, 1])).coeffs()]
        else:
            values, changes = acb_poly([row[0] for row in rows]), acb_poly([row[1] for row in rows])
            tangent = -changes(guess) / values.derivative()(guess)
            slope = acb(tangent.mid()) if tangent.is_finite() else slope
            taylor, centre = list(rows), acb_poly([guess, slope])
            for i in range(len(taylor) - 1):  # Horner's scheme
                for k in range(len(taylor) - 2, i - 1, -1):
                    taylor[k] = taylor[k] + centre * taylor[k + 1]
        if len(taylor) < 2:
            return None
        linear = abs(taylor[1][0])
        sums = []
        for j, row in enumerate(taylor):
            sums.append(_sum(abs(c) * radius**k for k, c in enumerate(row.coeffs()) if (j, k) != (1, 0)))
        if not linear > 0:
            return None
        r = sums[0] / linear if start is None else start
        if r.is_zero():
            r = (arb(1) if guess.is_zero() else abs(guess)) * arb(2) ** (-2 * ctx.prec)
        for factor in ("1.3", "1.7", "2.5", "4"):
            trial = arb((r * arb(factor)).abs_upper())
            others = _sum(s * trial**j for j, s in enumerate(sums))
            if others < linear * trial:
                return Root(guess, trial, slope)
        return None

    def _values_at(self, z: acb) -> acb_poly:
        return acb_poly([row[0] for row in self._rows_at(z)])

    def _at(self, z: acb, within: Root, bits: int) -> Root | None:
        """The only root in a disc over the point z, refined; None if it is not found again there."""
        guess = self._approximate(self._values_at(z), acb(within.centre.mid()), bits)
        found = self._isolated(z, arb(0), guess)
        return found if found is not None and within.holds(found) else None

    # -- the descent --------------------------------------------------------------------------------------------------

    def _start(self, x: Fraction) -> tuple[Fraction, Root]:
        """A height of at least 2 B and a disc with G(x + i height) and no other root."""
        moments = [ball(m) for m in self.moments(MOMENTS)]
        height = Fraction(1)
        while height < 2 * self.bound:
            height *= 2
        while height / 2 >= 2 * self.bound:
            height /= 2
        for _ in range(60):
            z = _complex(x, height)
            w, value = 1 / z, acb(0)
            for m in reversed(moments):
                value = (value + m) * w
            ratio = ball(self.bound) * abs(w)
            off = ratio ** len(moments) / (1 - ratio) * abs(w)  # the rest of the series
            found = self._isolated(z, arb(0), self._approximate(self._values_at(z), acb(value.mid()), BITS))
            if found is not None:
                away = abs(found.centre - value) + off
                around = self._isolated(z, arb(0), found.centre, start=2 * away + found.radius)
                if around is not None and away < around.radius and around.holds(found):
                    return height, found
            height *= 2
        raise Undecided("the branch G ~ 1/z was not told apart from others far up; give a law of smaller degree")

    def discs(self, x: Fraction) -> tuple[Fraction, list[Disc]]:
        """The starting height, and discs whose segments lead from it down to the real x; Undecided if x is an edge, an
        atom or a point where branches cross, or too near one.
        """
        if x not in self._chains:
            with working_bits(BITS):
                self._chains[x] = self._descend(x)
        return self._chains[x]

    def _descend(self, x: Fraction) -> tuple[Fraction, list[Disc]]:
        top, carried = self._start(x)
        height, size, streak = top, FIRST_SHARE, 0
        chain: list[Disc] = []
        while height > 0:
            if size >= len(SHARES) or height < top / (1 << LOWEST):
                raise Undecided(
                    f"x = {float(x):.10g} is an edge, an atom or a crossing of branches, or too near one: the branch"
                    f" was not followed below height {float(height):.2g}; ask elsewhere"
                )
            half = SHARES[size] * height
            centre = _complex(x, height - half)
            guess = self._approximate(self._values_at(centre), acb(carried.centre.mid()), BITS)
            found, b = self._isolated(centre, ball(2 * half), guess), acb(0, ball(half))
            below = None
            if found is not None and found.at(b).holds(carried):
                below = self._at(_complex(x, height - 2 * half), found.at(-b), BITS)
            if found is None or below is None:
                size, streak = size + 1, 0
                continue
            chain.append(Disc(height - half, half, found))
            height, carried, streak = height - 2 * half, below, streak + 1
            if streak > 1:
                size, streak = max(0, size - 1), 0
        return top, chain

    def _taylor(self, z: acb, within: Root, terms: int, bits: int) -> list[acb]:
        """The Taylor coefficients in b of the root at z + b, by Newton's method for power series."""
        rows = self._rows_at(z)
        first = self._at(z, within, 2 * bits)
        if first is None:
            raise Undecided("a root was lost in its disc; give more digits")
        coefficients = [first.ball]
        while len(coefficients) < terms:
            known = len(coefficients)
            with capped(min(2 * known, terms)):
                g, value = acb_series(coefficients), acb_series([0])
                for row in reversed(rows):
                    value = value * g + acb_series(row.coeffs())
                more = [value[i] for i in range(known, min(2 * known, terms))]
            with capped(len(more)):  # L_G to half the length is enough
                g, slope = acb_series(coefficients), acb_series([0])
                for i in range(len(rows) - 1, 0, -1):
                    slope = slope * g + i * acb_series(rows[i].coeffs())
                step = acb_series(more) / slope
            coefficients += [-step[i] for i in range(len(more))]
        return coefficients

    # -- answers ------------------------------------------------------------------------------------------------------

    def at_real(self, x: Fraction, bits: int) -> acb:
        """G(x + i0); its imaginary part is the exact 0 where G is real."""
        _, chain = self.discs(x)
        last = chain[-1]
        point = arb(0)
        while bits < MOST_BITS:
            with working_bits(bits + BITS):
                within, z = last.root.at(acb(0, -ball(last.half))), _complex(x, Fraction(0))
                found = self._at(z, within, bits)
                if found is not None:
                    if found.radius < abs(found.centre.imag):
                        return found.ball
                    # a disc symmetric about the real axis with exactly one root of a real polynomial: that is real
                    for start in (None, 4 * found.radius):
                        mirror = self._isolated(z, point, acb(found.centre.real), start=start)
                        if mirror is not None and mirror.holds(found):
                            return acb(mirror.ball.real)
            bits *= 2
        raise Undecided(f"whether the Stieltjes transform is real at x = {x} was not decided with {MOST_BITS} bits")

    def infinite_at(self, x: Fraction) -> bool:
        """Whether G(z) is infinite at the real x.

        Over a small disc about x no root lies on the circle |G| = M, since there the power k of G outweighs the others,
        k the highest whose coefficient is not 0 at x: the branch is inside all over the disc, or outside.
        """
        rows = [_about(row, fmpq(x.numerator, x.denominator)) for row in self.rows]
        k = max(j for j, row in enumerate(rows) if row[0] != 0)
        M, r = fmpq(1), fmpq(1)
        while not sum((abs(row[0]) * M**j for j, row in enumerate(rows[:k])), fmpq(0)) * 2 < abs(rows[k][0]) * M**k:
            M *= 2
        while True:
            change = [sum((abs(c) * r**i for i, c in enumerate(row) if i), fmpq(0)) for row in rows]
            others = sum(((abs(row[0]) + change[j]) * M**j for j, row in enumerate(rows) if j != k), fmpq(0))
            if others < (abs(rows[k][0]) - change[k]) * M**k:
                break
            r /= 2
        size = abs(self.at_real(x + Fraction(int(r.p), int(2 * r.q)), 96))
        if not (size > arb(M) or size < arb(M)):
            raise Undecided(f"whether the density is infinite at x = {x} was not decided; ask at another x")
        return bool(size > arb(M))

    def half_line(self, x: Fraction, bits: int) -> arb:
        """int_0^infinity Re G(x + iy) dy: pi/2 times (the mass left of x less the mass right of it).

        On each segment the Taylor series of G about its middle, with Cauchy's bound for what follows, since G is
        analytic and bounded on a disc twice as wide; above the starting height the moment series, whose rest is bounded
        by powers of B/|z|.
        """
        top, chain = self.discs(x)
        moments = self.moments(bits + 8)  # B/|z| <= 1/2 from the starting height on
        with working_bits(2 * bits + 32):
            total = arb(0)
            for disc in chain:
                half, part = ball(disc.half), arb(0)
                largest = abs(disc.root.centre) + abs(disc.root.slope) * 2 * half + disc.root.radius
                terms = max(2, bits + 8 + int(log2(float(disc.half)) + log2(float(largest.mid()))))
                series = self._taylor(_complex(x, disc.height), disc.root, terms, bits)
                for k in range(0, terms, 2):  # the powers of i b; odd ones integrate to 0
                    part += (series[k] * (-1) ** (k // 2)).real * 2 * half ** (k + 1) / (k + 1)
                total += part + arb(0, (4 * half * largest * arb(2) ** -terms).abs_upper())
            z = _complex(x, top)
            ratio = ball(self.bound) / abs(z)
            tail = arb.pi() / 2 - z.arg()
            for n in range(1, len(moments)):
                tail += (acb(0, -1) * ball(moments[n]) / (n * z**n)).real
            rest = ratio ** len(moments) / (1 - ratio)
            return total + tail + arb(0, rest.abs_upper())


def _about(row: Sequence[fmpq], x: fmpq) -> list[fmpq]:
    """The coefficients of a polynomial in powers of z - x."""
    return fmpq_poly(list(row))(fmpq_poly([x, 1])).coeffs() or [fmpq(0)]


def _sum(terms: Iterable[arb]) -> arb:
    return sum(terms, arb(0))


def _complex(x: Fraction, y: Fraction) -> acb:
    return acb(ball(x), ball(y))


__all__ = ["Branch", "Disc", "Root"]
