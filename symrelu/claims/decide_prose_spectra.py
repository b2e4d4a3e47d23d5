"""Deciding sentences of the main paper about Hessian spectra that a second reading found without a claim."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_prose import DIGITS, SMALL, said

SPECTRA = "the spectra as exact series"


def _parts(claim: Claim, context: Context) -> Outcome:
    """The traces of the Hessians: exact series that differ tell two spectra apart for all large d."""
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


def _skewed(claim: Claim, context: Context) -> Outcome:
    """The power of d in the third central moment over the second to the power 3/2, both layers trained."""
    from symrelu.claims.decide_predecessor import _degree
    from symrelu.claims.decide_spectrum import POINTS, _leading_term

    powers = set()
    for name in claim.subject.split(","):
        terms = []
        for e in context.named(name).spectrum(0).eigenvalues:
            if e.is_zero:
                continue
            power, sign = _leading_term(e.series)
            if sign < 0:
                return "undecided", f"{name} has a negative branch; cancellation is not excluded", "exact", SPECTRA
            terms.append((_degree([e.multiplicity.formal(d) for d in POINTS]), Fraction(-power, 2)))
        second, third = (max(degree + r * power for degree, power in terms) - 2 for r in (2, 3))
        powers.add(third - Fraction(3, 2) * second)
    found = f"the skewness of the d(d + 1) eigenvalues is of order d**({', '.join(map(str, sorted(powers)))}), positive"
    rests = f"{SPECTRA}: d + 1 eigenvalues of order d, all positive, the others bounded, so the mean is too"
    return said(powers == {Fraction(claim.printed)}), found, "exact", rests


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
    """How far the eigenvalues move if the entries are changed by d**(-p), at d that grows."""
    from symrelu.exact.arithmetic import MpmathArithmetic
    from symrelu.spectrum.numeric import eigenvalues_at

    arithmetic = MpmathArithmetic(60)
    moved, needed = [], []
    for name in claim.subject.split(","):
        path = context.named(name).path()
        moves: dict[tuple[Fraction, int], float] = {}
        for power in (Fraction(3, 2), Fraction(5, 2)):
            for d in (10**8, 10**16):
                point = path.point(Fraction(d), arithmetic)
                change = arithmetic.context.mpf(d) ** -arithmetic.context.mpf(float(power))
                other = [a + (-1) ** i * (1 + i) * change for i, a in enumerate(point)]
                values = [eigenvalues_at(path.problem, arithmetic, x, Fraction(d)) for x in (point, other)]
                moves[power, d] = max(float(abs(x.value - y.value)) for x, y in zip(*values, strict=True))
        coarse, fine = ([moves[p, d] for d in (10**8, 10**16)] for p in (Fraction(3, 2), Fraction(5, 2)))
        needed.append(coarse[1] > coarse[0] / 2 and fine[1] < fine[0] / 2)
        moved.append(f"{name} {coarse[1]:.2f}")
    found = (
        "entries changed by order d**(-3/2) move an eigenvalue by order 1, by order d**(-5/2) by o(1): d = 1e8, 1e16; "
        f"at 1e16 by {', '.join(moved)}"
    )
    return (
        said(all(needed) == (claim.printed == "required")),
        found,
        "numerical",
        "eigenvalues at changed points, 60 digits",
    )


def _eigenvector(claim: Claim, context: Context) -> Outcome:
    import numpy as np

    from symrelu.claims.decide_spectrum import displayed_vector
    from symrelu.model.dense import DenseLoss

    values, off = [], 0.0
    for d in (4, 6, 9):
        vector = np.array(displayed_vector(d), dtype=float).reshape(-1)
        image = DenseLoss(np.eye(d)).hessian(np.eye(d)) @ vector
        values.append(float(image[1]) / (d - 3))
        off = max(off, float(np.abs(image - values[-1] * vector).max()))
    printed = Fraction(1, 4) + Fraction(1, 2) / Fraction(np.pi)
    off = max(off, *(abs(x - float(printed)) for x in values))
    found = (
        f"H Y = lambda Y with lambda = (H Y)_2/(d - 3) = {values[0]:.12f} = 1/4 + 1/(2 pi) to {off:.0e} (d = 4, 6, 9)"
    )
    rests = "Schur: the (d-2,2) component is in M(d,d) once; floats as an illustration (at d = 3 the vector is 0)"
    return said(off < SMALL), found, "exact", rests


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
    "skewed_both": _skewed,
    "approximation": _approximation,
    "terms_required": _terms_required,
    "eigenvector": _eigenvector,
    "display_of_angle": _display_of_angle,
}
