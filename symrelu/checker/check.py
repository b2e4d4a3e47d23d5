"""The verdict on a certificate: every claim in it is proved again, from the definition of the loss.

What an accepted certificate says: for every real d >= from_d (or at d) there is a critical point of the loss in Fix(G),
exactly one in each tube, all on one branch, analytic in t = d**(-1/2) with the given exact coefficients, t = 0
included; and each isotypic block of its Hessian in W has the stated number of negative eigenvalues and no zero one.
Where d is no integer the blocks are the forms that interpolate those at integers.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flint import ctx
from flint.utils.flint_exceptions import DomainError

from symrelu.checker.certificate import NAMED, Certificate, read
from symrelu.checker.linear import Rejected
from symrelu.checker.middle import BITS as MIDDLE_BITS
from symrelu.checker.middle import check_middle, check_point, middle_at, point_at, point_bits, same_point, tail_at
from symrelu.checker.tail import check_tail
from symrelu.checker.taylor import ball
from symrelu.checker.young import Component, Young


@dataclass(frozen=True)
class Verdict:
    """Accepted or not, why in one line, and what was established: the statement, pieces, seconds.

    ``accepted``, ``reason``, ``details``: these three.
    """

    accepted: bool
    reason: str
    details: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.accepted


def check(certificate: Any) -> Verdict:
    """Check a certificate given as plain JSON values.

    Raises Unreadable if it is not one. The precision of python-flint is set and restored; its other settings, and what
    the precision was, do not matter.
    """
    parsed = read(certificate)
    started = time.monotonic()
    try:
        details = _check(parsed)
    except Rejected as error:
        return Verdict(False, str(error), {"seconds": time.monotonic() - started})
    except (ArithmeticError, ValueError, DomainError) as error:  # numbers that no certificate has: refused, not proved
        return Verdict(False, f"the arithmetic fails: {error}", {"seconds": time.monotonic() - started})
    details["seconds"] = time.monotonic() - started
    return Verdict(True, "every claim is proved", details)


def _check(certificate: Certificate) -> dict[str, Any]:
    _named(certificate)
    _covered(certificate)
    components = certificate.young.components(certificate.d)
    _consistent(certificate, components)
    at_one_d = certificate.point is not None
    _compare(certificate, "tail", check_tail(certificate, [] if at_one_d else components))
    for k in range(len(certificate.middle)):
        _compare(certificate, f"middle piece {k + 1}", check_middle(certificate, k, [] if at_one_d else components))
    _glued(certificate)
    if certificate.point is not None:
        _compare(certificate, f"d = {certificate.point.d}", check_point(certificate, certificate.point, components))
    return {
        "statement": statement(certificate),
        "pieces": 1 + len(certificate.middle) + at_one_d,
        "components": {name: {"size": size, "negative": negative}
                       for name, (size, negative) in certificate.components.items()},
    }  # fmt: skip


def statement(certificate: Certificate) -> str:
    """What is proved if the certificate is accepted, in words, from its fields alone."""
    sizes = ", ".join(_words(s.slope, s.constant) for s in certificate.young.sizes)
    signs = ",".join("+" if s > 0 else "-" for s in certificate.signs)
    where = f"d = {certificate.d}" if certificate.from_d is None else f"every real d >= {certificate.from_d}"
    kind = "nondegenerate minimum" if certificate.verdict == "minimum" else "nondegenerate saddle"
    return (
        f"blocks ({sizes}), limit ({signs}): for {where} the point of the family on its branch from d = infinity is a"
        f" {kind} of the loss in W (isotypic blocks of the Hessian without zero eigenvalues)"
    )


def _words(slope: Fraction, constant: Fraction) -> str:
    if not slope:
        return str(constant)
    head = "d" if slope == 1 else f"{slope}*d"
    return head if not constant else f"{head} {'-' if constant < 0 else '+'} {abs(constant)}"


def _named(certificate: Certificate) -> None:
    if certificate.name is None:
        return
    if certificate.name not in NAMED:
        raise Rejected(f"there is no family named {certificate.name[:20]!r}")
    blocks, signs = NAMED[certificate.name]
    if certificate.young != Young.read(list(blocks)) or certificate.signs != list(signs):
        raise Rejected(f"the type and limit are not those of family {certificate.name}")


def _covered(certificate: Certificate) -> None:
    """The pieces cover [0, d**(-1/2)] without a gap, in exact rationals."""
    end = certificate.tail.t_end
    for k, piece in enumerate(certificate.middle):
        if piece.t_from > end:
            raise Rejected(f"gap: no piece covers t between {end} and {piece.t_from} (before middle piece {k + 1})")
        if piece.t_to <= max(end, piece.t_from):
            raise Rejected(f"middle piece {k + 1} does not go beyond its predecessor")
        if k and piece.t_from < certificate.middle[k - 1].t_from:
            raise Rejected(f"middle piece {k + 1} is not in ascending order")
        end = piece.t_to
    least = certificate.least
    if least <= 0 or end**2 * least < 1:
        raise Rejected(f"gap: the pieces reach t = {end} only, which is less than {least}**(-1/2)")
    small = [s for s in certificate.young.sizes if s.at(least) < 1]
    if small:
        raise Rejected(f"a block has less than one row at d = {least}")
    if certificate.point is not None:
        if certificate.point.d != certificate.d:
            raise Rejected("the point is not at the d of the claim")
        start = certificate.middle[-1].t_from if certificate.middle else Fraction(0)
        if start**2 * least > 1:
            raise Rejected("the last piece starts beyond the point")


def _consistent(certificate: Certificate, components: Sequence[Component]) -> None:
    """All components are listed, and the verdict follows from the counts."""
    claimed = certificate.components
    if set(claimed) != {c.name for c in components}:
        missing = sorted({c.name for c in components} ^ set(claimed))
        raise Rejected(f"the list of components is not that of the type: {', '.join(name[:20] for name in missing)}")
    if any(not 0 <= negative <= size for size, negative in claimed.values()):
        raise Rejected("a component has more negative eigenvalues than its size, or fewer than none")
    if certificate.verdict == "minimum" and any(negative for _, negative in claimed.values()):
        raise Rejected("the verdict 'minimum' contradicts the negative eigenvalues claimed")
    if certificate.verdict == "saddle":
        least = certificate.least
        # a direction of descent must exist at every integer d: the irreducible has positive dimension
        present = [c for c in components if claimed[c.name][1]
                   and all(certificate.young.sizes[b].at(least) > c.smallest - 1 for b in c.blocks)]  # fmt: skip
        if not present:
            raise Rejected("the verdict 'saddle' needs a negative eigenvalue in a block that occurs for all d claimed")


def _compare(certificate: Certificate, where: str, found: dict[str, tuple[int, int]]) -> None:
    for name, (size, negative) in found.items():
        if certificate.components[name] != (size, negative):
            raise Rejected(
                f"{where}: block {name} has size {size} and {negative} negative eigenvalues,"
                f" claimed are {certificate.components[name][0]} and {certificate.components[name][1]}"
            )


def _glued(certificate: Certificate) -> None:
    """Neighbours share their critical point at the end of the first."""
    pieces = certificate.middle
    with ctx.workprec(MIDDLE_BITS if certificate.point is None else point_bits(certificate.point)):
        end, where = certificate.tail.t_end, "tail and middle piece 1"
        values: Any = lambda t: tail_at(certificate.tail, t)  # noqa: E731
        for k, piece in enumerate(pieces):
            t = ball(end)
            same_point(certificate, 1 / end**2, values(t), middle_at(piece, t), where)
            end, where = piece.t_to, f"middle pieces {k + 1} and {k + 2}"
            values = lambda t, piece=piece: middle_at(piece, t)  # noqa: E731
        point = certificate.point
        if point is not None:
            t = 1 / ball(point.d).sqrt()
            same_point(certificate, point.d, values(t), point_at(point), "the last piece and the point")
