"""The physical branch of L(G, z) = 0, followed from z = x + i infinity down to the real axis, with proof.

At z far up the root within B/(|z| (|z| - B)) of 1/z is G (the support lies in [-B, B]). From there a chain of discs: by
Rouche's theorem, over a whole disc of z a disc of G holds exactly one root, which is then analytic in z; the root
carried over from the disc before lies in it. Nothing is chosen by size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from flint import acb, acb_poly, acb_series, arb, ctx, fmpq

from symrelu.errors import Undecided
from symrelu.exact.balls import working_bits

Rows = Sequence[Sequence[Fraction]]  # the coefficients of G**0, G**1, ...; each in z, constant term first
LOWEST = 160  # bits below the starting height at which the descent is given up
SHARES = [Fraction(1, 2), *(Fraction(n, 1 << k) for k in range(3, 40) for n in (3, 2))]  # of the height, descending
BITS = 128


@dataclass(frozen=True)
class Root:
    """A disc in the plane of G: an exact centre and a radius."""

    centre: acb
    radius: arb

    def holds(self, other: Root) -> bool:
        """Whether a disc lies in this one."""
        return bool(abs(self.centre - other.centre) + other.radius < self.radius)

    @property
    def ball(self) -> acb:
        """A ball (rectangle) around the disc."""
        r = arb(0, self.radius.abs_upper())
        return acb(self.centre.real + r, self.centre.imag + r)


@dataclass(frozen=True)
class Disc:
    """Over |z - x - i height| <= 2 half the disc ``root`` holds one root; its segment: height +- half."""

    height: Fraction
    half: Fraction
    root: Root


class Branch:
    """The physical branch of a curve; ``rows``: L's coefficients; ``bound``: a B with the support in [-B, B]."""

    def __init__(self, rows: Rows, bound: Fraction) -> None:
        self.rows = [[fmpq(c.numerator, c.denominator) for c in row] for row in rows]
        self.bound = max(bound, Fraction(1, 1 << 10))

    # -- at a point, and over a disc ----------------------------------------------------------------------------------

    def _rows_at(self, z: acb, degree: int | None = None) -> list[acb_poly]:
        """The coefficients of G**0, ... as polynomials in b, z + b put for z."""
        shift = acb_poly([z, 1])
        return [acb_poly([acb(c) for c in row])(shift) for row in self.rows]

    def _approximate(self, z: acb, guess: acb, bits: int) -> acb:
        """Newton's method from ``guess``; without claims."""
        coefficients = [acb(row[0]) for row in self._rows_at(z)]
        for _ in range(60):
            value, slope = acb(0), acb(0)
            for c in reversed(coefficients):
                slope = slope * guess + value
                value = value * guess + c
            step = value / slope
            if not step.is_finite():
                break
            guess = acb((guess - step).mid())
            if abs(step) < abs(guess) * arb(2) ** (-bits // 2 - 8):  # the next step would be below 2**-bits
                guess = acb((guess - self._step(coefficients, guess)).mid())
                break
        return guess

    @staticmethod
    def _step(coefficients: list[acb], guess: acb) -> acb:
        value, slope = acb(0), acb(0)
        for c in reversed(coefficients):
            slope = slope * guess + value
            value = value * guess + c
        return value / slope

    def _isolated(self, z: acb, radius: arb, centre: acb, start: arb | None = None) -> Root | None:
        """A disc about ``centre`` that holds exactly one root for every z within ``radius`` of the given; None if not
        proved. With L(centre + beta, z + b) = sum T_jk beta**j b**k it does if |T_10| r exceeds the sum of the other
        |T_jk| r**j R**k (Rouche).
        """
        polys = self._rows_at(z)
        length = max(row.length() for row in polys)
        powers = [acb(1)]
        for _ in polys:
            powers.append(powers[-1] * centre)
        sums = []  # sum_k |T_jk| R**k; for j = 1 without k = 0
        linear = arb(0)
        for j in range(len(polys)):
            taylor = acb_poly([])
            for i in range(j, len(polys)):
                taylor += polys[i] * (comb(i, j) * powers[i - j])
            total = arb(0)
            for k in range(length):
                if j == 1 and k == 0:
                    linear = abs(taylor[0])
                elif k == 0 or not radius.is_zero():
                    total += abs(taylor[k]) * radius**k
            sums.append(total)
        if not linear > 0:
            return None
        r = sums[0] / linear if start is None else start
        if r.is_zero():
            r = abs(centre) * arb(2) ** (-2 * BITS)
        for factor in ("1.3", "1.7", "2.5", "4"):
            trial = arb((r * arb(factor)).abs_upper())
            others = sum((s * trial**j for j, s in enumerate(sums)), arb(0))
            if others < linear * trial:
                return Root(centre, trial)
        return None

    def _at(self, z: acb, within: Root, bits: int) -> Root:
        """The only root in a disc at a point z, refined; Undecided if it is not found again there."""
        guess = self._approximate(z, within.centre, bits)
        found = self._isolated(z, arb(0), guess)
        if found is None or not within.holds(found):
            raise Undecided("a root was lost in its disc; give more digits")
        return found

    # -- the descent --------------------------------------------------------------------------------------------------

    def _start(self, x: Fraction) -> tuple[Fraction, Root]:
        """A height of at least 8 B and a disc with G(x + i height) and no other root."""
        height = Fraction(1)
        while height < 8 * (self.bound + abs(x)):
            height *= 2
        while height > 1 and height / 2 >= 8 * (self.bound + abs(x)):
            height /= 2
        for _ in range(60):
            z = _complex(x, height)
            far, bound = abs(z), _arb(self.bound)
            found = self._isolated(z, arb(0), self._approximate(z, acb((1 / z).mid()), BITS))
            near = bound / (far * (far - bound))
            if found is not None:  # G lies within ``near`` of 1/z: the one root, if the disc about it holds one
                around = self._isolated(z, arb(0), found.centre, start=(near * 2 + abs(found.centre - 1 / z)))
                if around is not None and abs(found.centre - 1 / z) + near < around.radius and around.holds(found):
                    return height, found
            height *= 2
        raise Undecided("the branch G ~ 1/z was not told apart from others far up; give a law of smaller degree")

    def discs(self, x: Fraction) -> tuple[Fraction, list[Disc]]:
        """The starting height, and discs whose segments lead from it down to the real x."""
        with working_bits(BITS):
            top, carried = self._start(x)
            height, size, chain = top, 10, []
            while height > 0:
                if size >= len(SHARES) or height < top / (1 << LOWEST):
                    raise Undecided(
                        f"x = {float(x):.10g} is an edge or an atom, or too near one: the branch was not followed below"
                        f" height {float(height):.2g}; ask elsewhere"
                    )
                half = SHARES[size] * height
                centre = _complex(x, height - half)
                guess = self._approximate(centre, carried.centre, BITS)
                found = self._isolated(centre, _arb(2 * half), guess)
                if found is None or not found.holds(carried):
                    size += 1
                    continue
                chain.append(Disc(height - half, half, found))
                height -= 2 * half
                carried = self._at(_complex(x, height), found, BITS)
                size = max(0, size - 1)
            return top, chain

    def _taylor(self, z: acb, within: Root, terms: int, bits: int) -> acb_series:
        """The Taylor coefficients in b of the root at z + b, by Newton's method for power series."""
        rows = self._rows_at(z)
        length, g = 1, acb_series([self._at(z, within, 2 * bits).ball])
        while length < terms:
            length = min(2 * length, terms)
            with _capped(length):
                g = acb_series(g.coeffs())
                value, slope = acb_series([0]), acb_series([0])
                for row in reversed(rows):
                    slope = slope * g + value
                    value = value * g + acb_series(row.coeffs())
                g = g - value / slope
        return g

    # -- answers ------------------------------------------------------------------------------------------------------

    def at_real(self, x: Fraction, bits: int) -> acb:
        """G(x + i0); its imaginary part is the exact 0 where G is real."""
        _, chain = self.discs(x)
        with working_bits(bits + 32):
            found = self._at(_complex(x, Fraction(0)), chain[-1].root, bits)
            if found.radius < abs(found.centre.imag):
                return found.ball
            # a disc symmetric about the real axis with exactly one root of a real polynomial: that root is real
            mirror = self._isolated(_complex(x, Fraction(0)), arb(0), acb(found.centre.real))
            if mirror is not None and mirror.holds(found):
                return acb(mirror.ball.real)
            wide = self._isolated(_complex(x, Fraction(0)), arb(0), acb(found.centre.real), start=4 * found.radius)
            if wide is not None and wide.holds(found):
                return acb(wide.ball.real)
        raise Undecided("whether the Stieltjes transform is real was not decided; give more digits")

    def half_line(self, x: Fraction, moments: Sequence[Fraction], bits: int) -> arb:
        """int_0^infinity Re G(x + iy) dy: pi/2 times (the mass left of x less the mass right of it).

        On each segment the Taylor series of G about its middle, with Cauchy's bound for what follows, since G is
        analytic and bounded on a disc twice as wide; above the starting height the moment series, whose rest is bounded
        by powers of B/|z|.
        """
        top, chain = self.discs(x)
        terms = bits + 8
        with working_bits(2 * bits + 32):
            total = arb(0)
            for disc in chain:
                half, part = _arb(disc.half), arb(0)
                series = self._taylor(_complex(x, disc.height), disc.root, terms, bits)
                for k in range(0, terms, 2):  # the powers of i b; odd ones integrate to 0
                    part += (series[k] * (-1) ** (k // 2)).real * 2 * half ** (k + 1) / (k + 1)
                largest = abs(disc.root.centre) + disc.root.radius
                total += part + arb(0, (4 * half * largest * arb(2) ** -terms).abs_upper())
            z = _complex(x, top)
            ratio = _arb(self.bound) / abs(z)
            tail = arb.pi() / 2 - z.arg()
            for n in range(1, len(moments)):
                tail += (acb(0, -1) * _arb(moments[n]) / (n * z**n)).real
            rest = ratio ** len(moments) / (1 - ratio)
            return total + tail + arb(0, rest.abs_upper())


@contextmanager
def _capped(length: int) -> Iterator[None]:
    """Run a block with power series of ``length`` terms, then restore flint's length."""
    old, ctx.cap = ctx.cap, length
    try:
        yield
    finally:
        ctx.cap = old


def _arb(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def _complex(x: Fraction, y: Fraction) -> acb:
    return acb(_arb(x), _arb(y))


__all__ = ["Branch", "Disc", "Root"]
