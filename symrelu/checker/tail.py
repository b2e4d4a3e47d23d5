"""The tail (0, t_end]: existence, uniqueness and index for all these t at once, and the exact expansion at t = 0.

With the Jacobian J_ij = t**(u_i + v_j) * (power series J~), J~ regular at t = 0, and the exact coefficients P_i of a_i
below t**g_i, g_i = order - v_i, the unknowns eta_i = (a_i - P_i)/t**g_i solve F_i(P)/t**(u_i + order) + J~ eta = 0 (the
mean value form). That F_i(P) has no terms below t**(u_i + order) is computed exactly; Krawczyk's test in eta, uniform
in t, then gives a critical point; bounded eta makes P the beginning of its expansion, and J~ regular makes it analytic.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, ctx

from symrelu.checker.certificate import Certificate, Tail
from symrelu.checker.field import Surd, Unsupported
from symrelu.checker.formal import Formal
from symrelu.checker.linear import Matrix, Rejected, applied, contracts, defect, image, preconditioner, scaling
from symrelu.checker.pairs import Rows, gradient
from symrelu.checker.spectrum import Place
from symrelu.checker.taylor import Domain, Model, NoEnclosure, ball
from symrelu.checker.young import Component

BITS = 320
GUARDS = (8, 16)  # orders that exact arithmetic carries beyond those asked for
EXTRA_TERMS = (8, 16)  # orders that models carry beyond the box's: more where fewer do not do


def check_tail(certificate: Certificate, components: Sequence[Component]) -> dict[str, tuple[int, int]]:
    """Size and index of every component's block on the tail; Rejected with the reason if something is not proved."""
    reason = ""
    _consistent(certificate.tail, certificate)
    verified: list[tuple[list[list[Surd]], list[int]]] = []
    for extra in EXTRA_TERMS:
        with ctx.workprec(BITS):
            try:
                return _check(certificate, components, extra, verified)
            except (NoEnclosure, Unsupported) as error:
                reason = str(error)
    raise Rejected(f"tail: {reason}")


def _check(
    certificate: Certificate,
    components: Sequence[Component],
    extra: int,
    verified: list[tuple[list[list[Surd]], list[int]]],
) -> dict[str, tuple[int, int]]:
    tail, young, order = certificate.tail, certificate.young, certificate.tail.order
    domain = Domain(Fraction(0), tail.t_end, order + extra)
    sizes = [domain.model([_number(s.slope), None, _number(s.constant)], -2) for s in young.sizes]
    place = Place(young, certificate.signs, domain, sizes)

    known = [_balls(row) for row in tail.series]
    jacobian = place.jacobian([domain.model(row) for row in known])
    u, v = scaling([[None if f.is_zero else f.v for f in row] for row in jacobian])
    powers = [order - shift for shift in v]
    exact = [row[:g] for row, g in zip(tail.series, powers, strict=True)]
    needed = [shift + order for shift in u]
    if (exact, needed) not in verified:  # exact: once is enough for all attempts
        _vanishes(certificate, exact, needed)
        verified.append((exact, needed))

    base = [row[:g] for row, g in zip(known, powers, strict=True)]
    residual = place.gradient([domain.model(row) for row in base])
    residual = [_known_to_vanish(f, k) for f, k in zip(residual, needed, strict=True)]
    narrow = _scaled(place.jacobian([domain.model(row) for row in base]), u, v)
    y = preconditioner(narrow)
    step = applied(y, residual)

    eta = _contract(place, base, powers, y, step, (u, v))
    tube = _tube(domain, base, powers, eta)
    _inside(tail, domain, tube)
    wide = [ball(m) + ball(r) * arb(0, 1) for m, r in zip(tail.mid, tail.rad, strict=True)]
    whole = _tube(domain, [_balls(row) for row in tail.polynomial], [order] * len(wide), wide)
    if not contracts(defect(y, _scaled(place.jacobian(whole), u, v))):
        raise Rejected("tail: the critical point is not shown to be unique in the box")
    return place.index(tube, components)


def _number(value: Fraction) -> arb | None:
    return ball(value) if value else None


def _balls(row: Sequence[Surd]) -> list[arb | None]:
    return [c.ball() if c else None for c in row]


def _consistent(tail: Tail, certificate: Certificate) -> None:
    for row, longer in zip(tail.polynomial, tail.series, strict=True):
        padded = [*row, *[Surd.of(0)] * (tail.order - len(row))]
        if any(a != b for a, b in zip(padded, longer, strict=False)) or any(padded[len(longer) :]):
            raise Rejected("tail: the polynomial is not the beginning of the series")
    signs = iter(certificate.signs)
    for (kind, _, _), row in zip(certificate.young.coordinates, tail.polynomial, strict=True):
        if row[0] != Surd.of(next(signs) if kind == "own" else 0):
            raise Rejected("tail: the polynomial does not start at the family's limit")


def _vanishes(certificate: Certificate, exact: Sequence[Sequence[Surd]], needed: Sequence[int]) -> None:
    """The gradient along the exact polynomial vanishes to the order needed: by substitution, in Q(pi) with roots."""
    young = certificate.young
    for guard in GUARDS:
        terms = max(max(needed), 1) + guard
        entries = [Formal.polynomial(row, terms) for row in exact]
        zero = Surd.of(0)
        sizes = [Formal.polynomial([Surd.of(s.slope), zero, Surd.of(s.constant)], terms, -2) for s in young.sizes]
        half_over_pi = Surd.of(Fraction(1, 2)) / Surd.pi()
        values = gradient(Rows(young, certificate.signs, entries, sizes), half_over_pi)
        for k, (f, power) in enumerate(zip(values, needed, strict=True)):
            if f.nums and f.start < power:
                raise Rejected(
                    f"tail: the coefficients are not those of a family: gradient component {k + 1}"
                    f" starts at t**{f.start}, t**{power} is needed"
                )
        if all(f.vanishes_below(power) for f, power in zip(values, needed, strict=True)):
            return
    raise Rejected("tail: exact arithmetic with the given coefficients does not reach the order needed")


def _known_to_vanish(f: Model, power: int) -> Model:
    """f / t**power, its coefficients below t**power being zero by `_vanishes`."""
    low = f.c[: max(power - f.v, 0)]
    if any(entry is not None and not entry.contains(0) for entry in low):
        raise Rejected("tail: a coefficient known to vanish is enclosed away from 0")
    if f.v + len(f.c) < power and f.r is not None:
        raise NoEnclosure("the residual is not known to the order needed")
    if f.v >= power:
        return f.shifted(-power)
    return Model(f.domain, 0, f.c[power - f.v :], f.r)


def _scaled(jacobian: Matrix, u: Sequence[int], v: Sequence[int]) -> Matrix:
    return [[f.shifted(-(u[i] + v[j])) for j, f in enumerate(row)] for i, row in enumerate(jacobian)]


def _tube(domain: Domain, base: Sequence[list[arb | None]], powers: Sequence[int], box: Sequence[arb]) -> list[Model]:
    out = []
    for row, power, values in zip(base, powers, box, strict=True):
        padded = [*row, *[None] * (power - len(row))]
        out.append(domain.model([*padded, None if values.is_zero() else values]))
    return out


def _contract(
    place: Place,
    base: Sequence[list[arb | None]],
    powers: Sequence[int],
    y: Matrix,
    step: Sequence[arb],
    shifts: tuple[Sequence[int], Sequence[int]],
) -> list[arb]:
    """A box for eta that Krawczyk's operator maps into its interior."""
    if all(s.is_zero() for s in step):  # the polynomial itself is critical, for every t
        return [arb(0)] * len(step)
    box = [1.1 * -s for s in step]
    for _ in range(8):
        # the mean value form runs along segments from the polynomial, eta = 0, which the box need not contain
        segments = _tube(place.domain, base, powers, [b.union(arb(0)) for b in box])
        rest = defect(y, _scaled(place.jacobian(segments), *shifts))
        new = image(step, rest, box)
        if all(b.contains_interior(n) for b, n in zip(box, new, strict=True)):
            return new
        box = [n + n.rad() * arb(0, "0.2") + n.abs_upper() * arb(0, "0.01") for n in new]
    raise NoEnclosure("no box around the polynomial is mapped into itself: t_end is too large")


def _inside(tail: Tail, domain: Domain, tube: Sequence[Model]) -> None:
    """(a_i - polynomial)/t**order lies in the box claimed."""
    for k, (f, mid, rad) in enumerate(zip(tube, tail.mid, tail.rad, strict=True)):
        values = Model(domain, 0, f.c[tail.order - f.v :] if f.v < tail.order else f.c, f.r)
        remainder = values.range() if f.v < tail.order else f.shifted(-tail.order).range()
        if not abs(remainder - ball(mid)) <= ball(rad):
            raise Rejected(f"tail: the remainder of a_{k + 1} is not shown to lie in its box")
