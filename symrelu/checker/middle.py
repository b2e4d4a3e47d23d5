"""Middle pieces [t_from, t_to], boxes at one d, and the proof that neighbours enclose the same critical point."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, ctx

from symrelu.checker.certificate import Certificate, Middle, Point, Tail
from symrelu.checker.field import Surd
from symrelu.checker.linear import Rejected, applied, contracts, defect, image, preconditioner
from symrelu.checker.spectrum import Place
from symrelu.checker.taylor import Domain, Model, NoEnclosure, ball
from symrelu.checker.young import Component

BITS = 128
MOST_BITS = 20_000
EXTRA_TERMS = (2, 6, 12)  # orders beyond those of the polynomial: more where fewer do not do
NEWTON_STEPS = 12


def check_middle(certificate: Certificate, k: int, components: Sequence[Component]) -> dict[str, tuple[int, int]]:
    """Existence and uniqueness in the tube of piece k for all its t, and the index of the components' blocks."""
    reason = ""
    for extra in EXTRA_TERMS:
        with ctx.workprec(BITS):
            try:
                return _check(certificate, certificate.middle[k], components, extra)
            except (NoEnclosure, Rejected) as error:
                reason = str(error)
    raise Rejected(f"middle piece {k + 1}: {reason}")


def _check(
    certificate: Certificate, piece: Middle, components: Sequence[Component], extra: int
) -> dict[str, tuple[int, int]]:
    if not piece.t_from <= piece.center <= piece.t_to:
        raise Rejected("the center is not in the piece")
    terms = max(len(row) for row in piece.polynomial) + extra
    domain = Domain(piece.t_from - piece.center, piece.t_to - piece.center, terms)
    t = domain.model([ball(piece.center), arb(1)])
    d = 1 / (t * t)
    sizes = [d * s.slope + s.constant if s.slope else domain.constant(s.constant) for s in certificate.young.sizes]
    place = Place(certificate.young, certificate.signs, domain, sizes)
    base = [[_entry(c) for c in row] for row in piece.polynomial]
    radii = [ball(b) for b in piece.box]
    return _krawczyk(place, base, radii, components)


def _entry(value: Fraction) -> arb | None:
    return ball(value) if value else None


def _widened(domain: Domain, row: list[arb | None], width: arb) -> Model:
    first = width if row[0] is None else row[0] + width
    return domain.model([None if first.is_zero() else first, *row[1:]])


def _krawczyk(
    place: Place, base: Sequence[list[arb | None]], radii: Sequence[arb], components: Sequence[Component]
) -> dict[str, tuple[int, int]]:
    """One critical point within the radii of the polynomials, for all tau; the index there of the blocks."""
    domain = place.domain
    residual = place.gradient([domain.model(row) for row in base])
    jacobian = place.jacobian([_widened(domain, row, r * arb(0, 1)) for row, r in zip(base, radii, strict=True)])
    y = preconditioner(jacobian)
    rest = defect(y, jacobian)
    new = [arb(0)] * len(radii)
    if not all(f.is_zero for f in residual):
        new = image(applied(y, residual), rest, [r * arb(0, 1) for r in radii])
        for k, (r, n) in enumerate(zip(radii, new, strict=True)):
            if not abs(n) < r:  # not by containment of balls: their radii are rounded up
                raise Rejected(f"the box of a_{k + 1} is not mapped into its interior")
    if not contracts(rest, radii if all(r > 0 for r in radii) else None):
        raise Rejected("the critical point is not shown to be unique in the box")
    # the image encloses the critical point too, and is mostly much smaller
    return place.index([_widened(domain, row, n) for row, n in zip(base, new, strict=True)], components)


def place_at(certificate: Certificate, d: Fraction) -> Place:
    """The type at one rational d."""
    domain = Domain(Fraction(0), Fraction(0), 1)
    sizes = [domain.constant(s.at(d)) for s in certificate.young.sizes]
    return Place(certificate.young, certificate.signs, domain, sizes)


def check_point(certificate: Certificate, point: Point, components: Sequence[Component]) -> dict[str, tuple[int, int]]:
    """One critical point in the box at d, and the index of the components' blocks."""
    with ctx.workprec(point_bits(point)):
        try:
            place = place_at(certificate, point.d)
            return _krawczyk(place, [[_entry(m)] for m in point.mid], [ball(r) for r in point.rad], components)
        except (NoEnclosure, Rejected) as error:
            raise Rejected(f"the box at d = {point.d}: {error}") from None


def point_bits(point: Point) -> int:
    """A precision beyond that of the box."""
    widths = [r.denominator.bit_length() - r.numerator.bit_length() for r in point.rad if r]
    return min(max([BITS, *[width + BITS for width in widths]]), MOST_BITS)


Around = tuple[arb, arb]  # balls around a center and around a radius: all numbers within the radius of the center


def tail_at(tail: Tail, t: arb) -> list[Around]:
    """What the tail's tube is at t."""
    out = []
    for row, mid, rad in zip(tail.polynomial, tail.mid, tail.rad, strict=True):
        value = _horner([c.ball() if isinstance(c, Surd) else c for c in row], t)
        out.append((value + t**tail.order * ball(mid), t**tail.order * ball(rad)))
    return out


def middle_at(piece: Middle, t: arb) -> list[Around]:
    """What the piece's tube is at t."""
    tau = t - ball(piece.center)
    return [
        (_horner([ball(c) for c in row], tau), ball(width))
        for row, width in zip(piece.polynomial, piece.box, strict=True)
    ]


def point_at(point: Point) -> list[Around]:
    """The box of a point."""
    return [(ball(mid), ball(rad)) for mid, rad in zip(point.mid, point.rad, strict=True)]


def _horner(coefficients: Sequence[arb], x: arb) -> arb:
    total = arb(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def same_point(
    certificate: Certificate, d: Fraction, first: Sequence[Around], second: Sequence[Around], where: str
) -> None:
    """Two enclosures at one d, each with exactly one critical point, contain the same one.

    So it is if one of them contains the other, or both contain a tiny box with a critical point; Rejected otherwise.
    """
    for outer, inner in ((first, second), (second, first)):
        if all(_holds(a, center + radius * arb(0, 1)) for a, (center, radius) in zip(outer, inner, strict=True)):
            return
    with ctx.workprec(BITS):
        try:
            found = _polished(certificate, d, [center.mid() for center, _ in second])
        except NoEnclosure as error:
            raise Rejected(f"{where}: {error}") from None
        if found is None:
            raise Rejected(f"{where}: no critical point was confirmed near the middle of the enclosures")
        for k, value in enumerate(found):
            if not (_holds(first[k], value) and _holds(second[k], value)):
                raise Rejected(f"{where}: a_{k + 1} of the critical point is not in both enclosures")


def _holds(enclosure: Around, values: arb) -> bool:
    # for every center and radius in their balls, so that no rounding widens the enclosure
    return bool(abs(values - enclosure[0]) <= enclosure[1])


def _polished(certificate: Certificate, d: Fraction, start: Sequence[arb]) -> list[arb] | None:
    """A small box that contains a critical point at d, by Newton's method and Krawczyk's test."""
    place = place_at(certificate, d)
    x = list(start)
    for _ in range(NEWTON_STEPS):
        models = [place.domain.constant(value) for value in x]
        residual = place.gradient(models)
        if all(f.is_zero for f in residual):
            return x
        y = preconditioner(place.jacobian(models))
        step = applied(y, residual)
        box = [(4 * s.abs_upper() + arb(2) ** (-BITS // 2) * value.abs_upper()) * arb(0, 1)
               for s, value in zip(step, x, strict=True)]  # fmt: skip
        wide = [place.domain.constant(value + b) for value, b in zip(x, box, strict=True)]
        if all(float(b.rad()) < 2.0**-40 for b in box):
            new = image(step, defect(y, place.jacobian(wide)), box)
            if all(b.contains_interior(n) for b, n in zip(box, new, strict=True)):
                return [value + n for value, n in zip(x, new, strict=True)]
        x = [(value - s).mid() for value, s in zip(x, step, strict=True)]
    return None
