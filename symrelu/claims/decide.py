"""Deciding claims: each kind of claim against an exact computation that knows nothing of what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import factorial
from typing import Any

from symrelu.claims.claim import Answer, Claim, Evidence, Verdict
from symrelu.errors import BadInput, SymreluError
from symrelu.exact.parse import parse
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.families import Family, family

Progress = Callable[[str], None]


def groups() -> dict[str, Callable[[], Iterator[Claim]]]:
    """The groups of claims that this version holds, by name."""
    from symrelu.claims import theorem1

    return {"theorem1": theorem1.claims}


def claims_of(group: str) -> list[Claim]:
    """The claims of a group, or of all groups; BadInput for a name that is no group."""
    known = groups()
    if group != "all" and group not in known:
        raise BadInput(
            f"there is no group of claims {group!r} in this version; the groups are {', '.join(known)} and all"
        )
    return [claim for name, claims in known.items() if group in (name, "all") for claim in claims()]


def decide_all(claims: list[Claim], progress: Progress | None = None) -> list[Verdict]:
    """The verdicts on the claims, in their order. A claim whose computation fails is ``undecided``, with the reason."""
    decider = Decider()
    verdicts = []
    for claim in claims:
        if progress:
            progress(f"deciding {claim.id}")
        verdicts.append(decider.decide(claim))
    return verdicts


class Decider:
    """Decides claims one by one; families computed for one are kept for the next."""

    def __init__(self) -> None:
        self._families: dict[str, Family] = {}

    def decide(self, claim: Claim) -> Verdict:
        """The verdict on one claim."""
        method = getattr(self, f"_{claim.kind}")
        try:
            answer, found, evidence, rests_on = method(claim)
        except SymreluError as error:
            answer, found, evidence, rests_on = "undecided", str(error), "exact", "the computation failed"
        return Verdict(claim, answer, found, evidence, rests_on)

    def _family(self, claim: Claim) -> Family:
        assert claim.family is not None
        if claim.family not in self._families:
            self._families[claim.family] = family(claim.family)
        return self._families[claim.family]

    def _series(self, claim: Claim) -> _Outcome:
        order = _order_of(claim.error) - 1 if claim.error else 2
        result = self._family(claim).series(order)
        ours = result.loss if claim.subject == "loss" else result.entries[claim.subject]
        printed = _printed_series(claim.printed)
        if claim.error:
            difference = (ours - printed).truncate(order + 1)
            same = not difference.coefficients
        else:
            same = ours.is_exact and (ours - printed).is_exact_zero
        return ("confirmed" if same else "refuted"), str(ours), "exact", result.proof

    def _isotropy(self, claim: Claim) -> _Outcome:
        found = self._family(claim).actual.label()
        proof = "equalities and differences of the exact entries, as a coloured graph"
        return ("confirmed" if found == claim.printed else "refuted"), found, "exact", proof

    def _multiplicity(self, claim: Claim) -> _Outcome:
        count = self._family(claim).multiplicity()
        # both are polynomials of degree at most 3 times d!: they agree at 8 points only if they are equal
        same = all(count.at(d) == _printed_integer(claim.printed, d) for d in range(8, 16))
        return ("confirmed" if same else "refuted"), str(count), "exact", "orbit-stabilizer: |S_d x S_d| / |isotropy|"

    def _corner(self, claim: Claim) -> _Outcome:
        size = self._family(claim).key.isotropy.blocks[-1]
        found = f"A_{size}(a_5, a_6): the block has {size} rows and {size} columns"
        return ("confirmed" if str(size) == claim.printed else "refuted"), found, "exact", "the sizes of the blocks"

    def _global(self, claim: Claim) -> _Outcome:
        loss = self._family(claim).series(2).loss
        rests = "substitution, exactly for every d; the loss is an expected square, hence not negative"
        return ("confirmed" if loss.is_exact_zero else "refuted"), f"loss = {loss}", "exact", rests

    def _limit(self, claim: Claim) -> _Outcome:
        loss = self._family(claim).series(2).loss
        constant = loss[0]
        if claim.printed == "constant":
            same = constant == Fraction(1, 2) - 1 / QPI.pi
        else:
            same = not constant and not loss[1] and bool(loss[2])
        return ("confirmed" if same else "refuted"), f"loss = {loss}", "exact", "the loss series"

    def _spurious(self, claim: Claim) -> _Outcome:
        loss = self._family(claim).series(2).loss
        positive = loss.field.sign(loss.leading) > 0
        rests = (
            "the sign of the leading coefficient of the loss (a ball); at a given d: a certificate, in a later version"
        )
        return ("confirmed" if positive else "refuted"), f"loss = {loss}", "exact", rests

    def _minimum(self, claim: Claim) -> _Outcome:
        reason = "needs the Hessian spectrum and a certificate at each d; not attempted by this version"
        return "open", "critical points near d = infinity are proved; " + reason, "exact", "not attempted"

    def _rescaling(self, claim: Claim) -> _Outcome:
        from symrelu.model.kernels import RELU

        same = RELU.is_homogeneous()
        found = "kappa(l**2 p, q, l s) = l kappa(p, q, s) identically, so alpha_i kappa(w_i, .) is invariant"
        return ("confirmed" if same else "refuted"), found, "exact", "the kernel as a SymPy expression"

    def _gradient(self, claim: Claim) -> _Outcome:
        import sympy

        from symrelu.model.expression import D, coordinates, gradient_expression

        problem = self._family(claim).problem
        expression = gradient_expression(problem)
        names: dict[str, Any] = {str(a): a for a in coordinates(problem)} | {"d": D, "pi": sympy.pi}
        for ours, theirs in (("nu_1", "nu"), ("alpha_1_1o", "alpha"), ("beta_1_1", "beta_1"), ("beta_1_1o", "beta_2")):
            names[theirs] = next(symbol for symbol in expression.definitions if symbol.name == ours)
        printed = parse(claim.printed, names, lambda x: sympy.Rational(x.numerator, x.denominator), {"sin": sympy.sin})
        found = expression.values[claim.subject]
        same = sympy.expand(found - printed) == 0
        return (
            ("confirmed" if same else "refuted"),
            str(found),
            "exact",
            "identity of expanded expressions in a_i, d, nu, alpha, beta",
        )


_Outcome = tuple[Answer, str, Evidence, str]


def _printed_series(text: str) -> Series:
    """A printed formula in d as an exact series in t = d**(-1/2)."""
    value = parse(
        text,
        {"pi": monomial(QPI, QPI.pi, 0), "d": monomial(QPI, 1, -2)},
        lambda x: monomial(QPI, x, 0),
        {"sqrt": Series.sqrt},
    )
    assert isinstance(value, Series)
    return value


def _printed_integer(text: str, d: int) -> int:
    value = parse(text, {"d": Fraction(d)}, Fraction, {"factorial": lambda n: Fraction(factorial(int(n)))})
    return int(value) if value.denominator == 1 else -1


def _order_of(error: str) -> int:
    """The exponent n of t in an error term ``d**(-n/2)``."""
    return int(error.removeprefix("d**(-").removesuffix("/2)"))
