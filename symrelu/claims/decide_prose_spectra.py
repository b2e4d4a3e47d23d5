"""Deciding sentences of the main paper about Hessian spectra that a second reading found without a claim."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_prose import DIGITS, SMALL, said

if TYPE_CHECKING:
    from symrelu.exact.arithmetic import MpmathArithmetic
    from symrelu.families import Family

SPECTRA = "the spectra as exact series"


def _parts(claim: Claim, context: Context) -> Outcome:
    """Whether the eigenvalues of each family, with multiplicities, are those of the first through d**(-1/2)."""
    from symrelu.claims.decide_spectrum import POINTS

    names, traces = claim.printed.split(","), {}
    for name in names:
        spectrum = context.named(name).spectrum(2)
        leading = [e for e in spectrum.eigenvalues if not e.is_zero]
        traces[name] = sorted((str(e.series.truncate(2)), e.multiplicity.formal(POINTS[0])) for e in leading)
    together: dict[str, Fraction] = {}
    alike = []
    for name in names[1:]:
        first, second = (dict(together) for _ in range(2))
        for target, of in ((first, names[0]), (second, name)):
            for value, number in traces[of]:
                target[value] = target.get(value, Fraction(0)) + number
        if first == second:
            alike.append(name)
    found = (
        "to O(1/d), the next order, every one differs from 1a" if not alike else f"as 1a to O(1/d): {', '.join(alike)}"
    )
    return said(len(alike) == len(names) - 1), f"{found} (symrelu compare shows where)", "exact", SPECTRA


def _approximation(claim: Claim, context: Context) -> Outcome:
    """The largest difference of eigenvalues from the table of Theorem 2, relative to 1 and the eigenvalue."""
    from symrelu.exact.arithmetic import MpmathArithmetic
    from symrelu.spectrum.numeric import eigenvalues_at

    one, far = context.family(claim), []
    table = {(e.component.name, e.branch): e.series for e in one.spectrum(0).eigenvalues}
    path, arithmetic = one.path(), MpmathArithmetic(3 * DIGITS)
    for d in (10, 20, 50):
        largest = 0.0
        for v in eigenvalues_at(path.problem, arithmetic, path.point(Fraction(d), arithmetic), d):
            series = table[v.component.name, v.branch]
            terms = enumerate(series.coefficients, series.valuation)
            near = sum(float(series.field.ball(c, 80).mid()) * d ** (-i / 2) for i, c in terms if i <= 0)
            largest = max(largest, abs(float(v.value) - near))
        far.append(f"{largest:.2f} at d = {d}")
    found = f"largest |eigenvalue - value to O(d**(-1/2))|: {', '.join(far)}; printed: {claim.printed}"
    return "empirical", found, "numerical", f"eigenvalues of {claim.family} in {3 * DIGITS} digits"


def _terms_required(claim: Claim, context: Context) -> Outcome:
    """Whether the spectrum moves, to O(d**(-1/2)), with what ``printed`` names: entries changed by d**(-p), or cut
    after the terms that Theorem 1 prints.
    """
    from symrelu.exact.arithmetic import MpmathArithmetic
    from symrelu.spectrum.numeric import eigenvalues_at

    arithmetic, places = MpmathArithmetic(60), (10**8, 10**16)
    number = arithmetic.context.mpf
    how, _, printed = claim.printed.partition(": ")
    told, answers = [], set()
    for name in claim.subject.split(","):
        path = context.named(name).path()
        moves = []
        for d in places:
            point = path.point(Fraction(d), arithmetic)
            if how == "cut":
                other = _cut(context.named(name), arithmetic, d)
            else:
                change = number(d) ** -(number(Fraction(how).numerator) / Fraction(how).denominator)
                other = [a + (-1) ** i * (1 + i) * change for i, a in enumerate(point)]
            values = [eigenvalues_at(path.problem, arithmetic, x, Fraction(d)) for x in (point, other)]
            moves.append(max(float(abs(x.value - y.value)) for x, y in zip(*values, strict=True)))
        small = all(move <= 10 * d**-0.5 for move, d in zip(moves, places, strict=True))
        answers.add("stays" if small else "moves")
        told.append(f"{name} {moves[0]:.1g}, {moves[1]:.1g}")
    what = "cut after the terms printed in Theorem 1" if how == "cut" else f"changed by multiples of d**(-{how})"
    found = f"with entries {what}, the largest change of an eigenvalue at d = 1e8, 1e16: {'; '.join(told)}"
    return said(answers == {printed}), found, "numerical", "eigenvalues at changed points, 60 digits"


def _cut(one: Family, arithmetic: MpmathArithmetic, d: int) -> list[Any]:
    """The entries of a family at d, from the terms through d**(-1) of their series."""
    mp = arithmetic.context
    entries = []
    for x in one.series(2).entries.values():
        terms = [
            mp.mpf(x.field.ball(x[i], 240).mid().str(60, radius=False)) * mp.mpf(d) ** (-mp.mpf(i) / 2)
            for i in range(3)
        ]
        entries.append(sum(terms))
    return entries


def _eigenvector(claim: Claim, context: Context) -> Outcome:
    """The vector lies in the (d-2,2) component, which M(d,d) has once; ``printed`` is the eigenvalue there, at I_d."""
    import numpy as np

    from symrelu.claims.decide_series import printed_series
    from symrelu.claims.decide_spectrum import displayed_vector
    from symrelu.model.dense import DenseLoss

    (branch,) = context.named("1a").spectrum(2, 1).of("y1")
    same = not (branch.series - printed_series(claim.printed)).coefficients
    off, constant = 0.0, float(branch.series.field.ball(branch.series[0], 80).mid())
    for d in (4, 6, 9):
        vector = np.array(displayed_vector(d), dtype=float).reshape(-1)
        image = DenseLoss(np.eye(d)).hessian(np.eye(d)) @ vector
        value = float(image[1]) / (d - 3)
        off = max(off, float(np.abs(image - value * vector).max()), abs(value - constant))
    found = (
        f"H Y = (H Y)_2/(d - 3) Y to {off:.0e} (d = 4, 6, 9), and the eigenvalue of that component is {branch.series}"
    )
    rests = "Schur: the (d-2,2) component is in M(d,d) once; floats illustrate it (at d = 3 the vector is 0)"
    return said(same and off < SMALL), found, "derived", rests


def _display_of_angle(claim: Claim, context: Context) -> Outcome:
    """sin arccos(alpha) is sqrt(1 - alpha**2); with alpha the angle itself the display is not the eigenvalue."""
    import math

    import sympy

    from symrelu.model.expression import D, coordinates
    from symrelu.spectrum.expressions import component_expression

    problem = context.named("1b").problem
    (ours,) = component_expression(problem, "y1").eigenvalues
    d, a, b = 8, 0.5, 0.9  # a point of W_d at which the angle of two rows is below 1, so that the root is real
    dot, nu_squared = 2 * a * b + (d - 2) * b * b, a * a + (d - 1) * b * b
    alpha = math.acos(dot / nu_squared)
    beta_1, beta_2, nu = math.acos(a / nu_squared**0.5), math.acos(b / nu_squared**0.5), nu_squared**0.5

    def displayed(nu2: float, mu: float) -> float:
        square = (a - b) ** 2 / (2 * math.pi * nu_squared) * (1 / nu2 + math.sin(alpha) / nu2**2)
        rest = alpha + (d - 1) * math.sin(alpha) - ((d - 1) * math.sin(beta_2) + math.sin(beta_1)) / nu
        return square + rest / (2 * math.pi) - math.sin(beta_2) / (2 * math.pi * mu**2 * nu)

    names = {str(s): s for s in ours.free_symbols}
    at = {
        s: v
        for n, v in (("nu_1", nu), ("alpha_1_1o", alpha), ("beta_1_1", beta_1), ("beta_1_1o", beta_2))
        if (s := names.get(n))
    }
    exact = float(sympy.N(ours.subs({D: d, **dict(zip(coordinates(problem), (a, b), strict=True)), **at})))
    right, literal = displayed(math.sin(alpha), math.sin(beta_2)), displayed((1 - alpha**2) ** 0.5, math.sin(beta_2))
    if abs(right - exact) > 1e-9:
        return "undecided", f"the repaired display is {right}, the eigenvalue {exact}", "numerical", "floats"
    found = (
        f"at a_1 = {a}, a_2 = {b}, d = {d} the eigenvalue is {exact:.6f}; with nu = sin(alpha) the (repaired) display "
        f"gives {right:.6f}, with nu = sqrt(1 - alpha**2) {literal:.6f}: alpha, an angle in 4.1, is its cosine here"
    )
    return said(abs(literal - exact) < 1e-9), found, "numerical", "one counterexample, in floats"


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "spectra_part": _parts,
    "approximation": _approximation,
    "terms_required": _terms_required,
    "eigenvector": _eigenvector,
    "display_of_angle": _display_of_angle,
}
