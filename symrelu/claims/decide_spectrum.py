"""Deciding the claims about Hessian spectra."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import count
from typing import Any

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_series import printed_series
from symrelu.errors import Undecided
from symrelu.exact.parse import parse
from symrelu.exact.series import Series
from symrelu.spectrum.result import Eigenvalue, FamilySpectrum

POINTS = range(20, 26)  # multiplicities are polynomials of degree 2 in d: equal at six points only if equal


def _total_at(eigenvalues: list[Eigenvalue], d: int) -> Fraction:
    return sum((e.multiplicity.formal(d) for e in eigenvalues), Fraction(0))


def _printed_at(text: str, d: int) -> Fraction:
    value = parse(text, {"d": Fraction(d)}, Fraction)
    assert isinstance(value, Fraction)
    return value


def _leading(spectrum: FamilySpectrum, value: Series) -> list[Eigenvalue]:
    """The branches that equal ``value`` up to O(t)."""
    return [e for e in spectrum.eigenvalues if not (e.series - value).truncate(1).coefficients]


def _spectrum_line(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(0)
    matching = _leading(spectrum, printed_series(claim.printed))
    same = all(_total_at(matching, d) == _printed_at(claim.subject, d) for d in POINTS)
    names = " + ".join(f"{e.component.name}.{e.branch} ({e.multiplicity})" for e in matching)
    rests = f"isotypic decomposition; {spectrum.proof}"
    return ("confirmed" if same else "refuted"), f"branches {names or 'none'}", "exact", rests


def table_lines(text: str) -> list[tuple[str, str]]:
    """The lines "eigenvalue : multiplicity; ..." of a printed table."""
    return [(value.strip(), number.strip()) for value, number in (line.split(":") for line in text.split(";"))]


def _spectrum_total(claim: Claim, context: Context) -> Outcome:
    """The printed table is the whole spectrum: each branch is on one line, and its multiplicities sum to k(d+1)."""
    spectrum = context.family(claim).spectrum(0)
    lines = table_lines(claim.printed)
    rests = f"dimensions of the components, as polynomials in d; {spectrum.proof}"
    held = [sum(e in _leading(spectrum, printed_series(value)) for value, _ in lines) for e in spectrum.eigenvalues]
    for e, times in zip(spectrum.eigenvalues, held, strict=True):
        if times != 1:
            return (
                "refuted",
                f"the branch {e.component.name}.{e.branch} = {e.series} is on {times} lines",
                "exact",
                rests,
            )
    for d in POINTS:
        printed, ours = sum(_printed_at(number, d) for _, number in lines), _total_at(list(spectrum.eigenvalues), d)
        if printed != d * (d + 1) or ours != d * (d + 1):
            return "refuted", f"at d = {d} they are {printed} of {d * (d + 1)}; ours are {ours}", "exact", rests
    found = (
        f"{len(spectrum.eigenvalues)} branches, each on one of the {len(lines)} lines; multiplicities sum to d*(d + 1)"
    )
    return "confirmed", found, "exact", rests


def _nonnegative(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(0)
    negative = spectrum.negative_at_large_d()
    found = ", ".join(f"{e.component.name}.{e.branch} = {e.series}" for e in negative) or "no branch is negative"
    rests = "the signs of the leading coefficients; the zeros are exact"
    return ("refuted" if negative else "confirmed"), found, "exact", rests


def _y_vector(claim: Claim, context: Context) -> Outcome:
    """The displayed vector is symmetric with zero diagonal and zero row sums: so is exactly the (d-2,2)
    isotypic part.
    """
    for d in range(4, 12):
        vector = displayed_vector(d)
        symmetric = all(vector[i][j] == vector[j][i] for i in range(d) for j in range(d))
        if not symmetric or any(vector[i][i] for i in range(d)) or any(sum(row) for row in vector):
            return "refuted", f"not so at d = {d}", "exact", "integer arithmetic"
    found = "symmetric, zero diagonal, zero row sums (d = 4 .. 11; the entries are affine in d)"
    return "confirmed", found, "exact", "such matrices are the (d-2,2) component of M(d,d)"


def displayed_vector(d: int) -> list[list[int]]:
    """The matrix that section 4.2 of the paper displays (and stacks)."""
    rows = [[0] * d for _ in range(d)]
    rows[0][1] = rows[1][0] = d - 3
    rows[0][2] = rows[2][0] = 3 - d
    for j in range(3, d):
        rows[1][j] = rows[j][1] = -1
        rows[2][j] = rows[j][2] = 1
    return rows


def _y_display(claim: Claim, context: Context) -> Outcome:
    import sympy

    from symrelu.model.expression import D, collected, coordinates
    from symrelu.spectrum.expressions import component_expression

    problem = context.family(claim).problem
    expression = component_expression(problem, "y1")
    symbols = {symbol.name: symbol for symbol in expression.definitions}
    names: dict[str, Any] = {str(a): a for a in coordinates(problem)} | {"d": D, "pi": sympy.pi, "nu": symbols["nu_1"]}
    names |= {"alpha": symbols["alpha_1_1o"], "beta_1": symbols["beta_1_1"], "beta_2": symbols["beta_1_1o"]}
    names |= {"nu_2": sympy.sin(names["alpha"]), "mu_2": sympy.sin(names["beta_2"])}
    names |= {"nu_2_to_the_nu": names["nu_2"] ** names["nu"]}  # the grammar has no symbolic exponents
    printed = parse(claim.printed, names, lambda x: sympy.Rational(x.numerator, x.denominator), {"sin": sympy.sin})
    (ours,) = expression.eigenvalues
    difference = collected(ours - printed)
    rests = "identity of expanded expressions in a_i, d, nu, alpha, beta"
    if difference == 0:
        return "confirmed", str(ours), "exact", rests
    return "refuted", f"the eigenvalue is the displayed formula plus {difference}", "exact", rests


def _profile(spectrum: FamilySpectrum) -> list[tuple[Series, tuple[Fraction, ...]]]:
    """The distinct leading parts (to O(t)) of the branches, each with its total multiplicity at some d's."""
    profile: list[tuple[Series, list[Eigenvalue]]] = []
    for e in spectrum.eigenvalues:
        for value, members in profile:
            if not (e.series - value).truncate(1).coefficients:
                members.append(e)
                break
        else:
            profile.append((e.series.truncate(1), [e]))
    return [(value, tuple(_total_at(members, d) for d in POINTS)) for value, members in profile]


def _coincide(claim: Claim, context: Context) -> Outcome:
    names = claim.printed.split(",")
    reference = _profile(context.named(names[0]).spectrum(0))
    for name in names[1:]:
        other = _profile(context.named(name).spectrum(0))
        for value, totals in reference:
            matching = [t for v, t in other if not (v - value).truncate(1).coefficients]
            if len(other) != len(reference) or matching != [totals]:
                return "refuted", f"{names[0]} and {name} differ at {value}", "exact", "the spectra to O(t)"
    found = f"{len(reference)} distinct leading parts, the same with the same multiplicities for {', '.join(names)}"
    return (
        "confirmed",
        found,
        "exact",
        "the spectra as exact series (they differ at the next order: see symrelu compare)",
    )


def _fixed_number(claim: Claim, context: Context) -> Outcome:
    """The number of distinct eigenvalues of each family, for all large d."""
    parts = [_number_of(name, context) for name in claim.printed.split(",")]
    answers = [answer for answer, _ in parts]
    found = "; ".join(words for _, words in parts)
    rests = "the isotypic decomposition; two convergent series are equal for all large d or for none"
    return ("confirmed" if all(answers) else "refuted"), found, "exact", rests


def _number_of(name: str, context: Context) -> tuple[bool, str]:
    spectrum = context.named(name).spectrum(2)
    distinct: list[Eigenvalue] = []
    for e in spectrum.eigenvalues:
        alike = [x for x in distinct if not (x.series - e.series).coefficients]
        if any(not (x.series - e.series).is_exact_zero for x in alike):
            raise Undecided(
                f"{alike[0].component.name}.{alike[0].branch} and {e.component.name}.{e.branch} agree through t**2: "
                "whether they are one series is not known"
            )
        distinct += [] if alike else [e]
    for d in POINTS:
        if _total_at(list(spectrum.eigenvalues), d) != d * (d + 1):
            return False, f"{name}: the branches are not the whole spectrum at d = {d}"
    zeros = sum(1 for e in spectrum.eigenvalues if e.is_zero)
    found = f"{name}: {len(distinct)} distinct series for all large d, {len(spectrum.eigenvalues)} branches"
    found += f", {zeros} of them 0"
    full = next(d for d in count(1) if all(e.multiplicity.present(d) for e in spectrum.eigenvalues))
    return True, f"{found} (below d = {full} some components are absent)"


def _linear_growth(claim: Claim, context: Context) -> Outcome:
    """Some eigenvalues grow as a positive constant times d; all others are exactly 0 or tend to a positive constant."""
    rests, constants = "the spectra as exact series, with the signs of their leading terms", set()
    names = claim.subject.split(",")
    for name in names:
        spectrum = context.named(name).spectrum(0)
        growing = []
        for e in spectrum.eigenvalues:
            if e.is_zero:
                continue
            power, sign = _leading_term(e.series)
            if sign <= 0 or power not in (-2, 0):
                return "refuted", f"{name}: {e.component.name}.{e.branch} = {e.series}", "exact", rests
            if power == -2:
                growing.append(e)
            else:
                constants.add(str(e.series.truncate(1)))
        if any(_total_at(growing, d) != _printed_at(claim.printed, d) for d in POINTS):
            return "refuted", f"{name}: {' + '.join(str(e.multiplicity) for e in growing)} grow", "exact", rests
    found = f"{claim.printed} eigenvalues of order d; the others: {', '.join(sorted(constants))}, and the exact zeros"
    return "confirmed", f"{found} (for each of {', '.join(names)})", "exact", rests


def _bulk(claim: Claim, context: Context) -> Outcome:
    """Whether every eigenvalue that does not grow tends to a positive constant; ``subject`` is the number of layers."""
    layers, exceptions = int(claim.subject), {}
    for name in claim.printed.split(","):
        spectrum = context.named(name).spectrum(0, layers)
        small = [e for e in spectrum.eigenvalues if e.is_zero or _leading_term(e.series)[0] > 0]
        if any(not e.is_zero and _leading_term(e.series)[1] < 0 for e in spectrum.eigenvalues):
            return "refuted", f"{name} has negative eigenvalues", "exact", "the spectra as exact series"
        if small:
            number = " + ".join(str(e.multiplicity) for e in small)
            exceptions[name] = f"{number} {'exactly 0' if all(e.is_zero for e in small) else 'tend to 0'}"
    told = "; ".join(f"{name}: {words}" for name, words in exceptions.items())
    found = f"neither growing nor near a positive constant: {told or 'no eigenvalue'}"
    return ("refuted" if exceptions else "confirmed"), found, "exact", "the spectra as exact series"


def _table_of_one_layer(claim: Claim, context: Context) -> Outcome:
    """The table of Theorem 2 against the spectrum of the Hessian by W alone."""
    spectrum = context.family(claim).spectrum(0, 1)
    rests = f"the spectrum with one trained layer as exact series; {spectrum.proof}"
    kept: list[str] = []
    other: list[str] = []
    for value, number in table_lines(claim.printed):
        matching = _leading(spectrum, printed_series(value))
        same = all(_total_at(matching, d) == _printed_at(number, d) for d in POINTS)
        (kept if same else other).append(value)
    ours, printed = (
        {d: of(d) for d in POINTS}
        for of in (
            lambda d: _total_at(list(spectrum.eigenvalues), d),
            lambda d: sum((_printed_at(number, d) for _, number in table_lines(claim.printed)), Fraction(0)),
        )
    )
    d = POINTS[0]
    found = (
        f"the Hessian by W has {ours[d]} eigenvalues at d = {d}, the table {printed[d]}; lines that hold: "
        f"{', '.join(kept) or 'none'}; that do not: {', '.join(other) or 'none'}"
    )
    return ("refuted" if other or ours != printed else "confirmed"), found, "exact", rests


def _odd_powers(claim: Claim, context: Context) -> Outcome:
    """Whether eigenvalues (one layer) have odd powers of t = k**(-1/2)."""
    told, odd = [], []
    for name in claim.subject.split(","):
        spectrum = context.named(name).spectrum(2, 1)
        if spectrum.ramification != 2:
            return "refuted", f"{name}: ramification {spectrum.ramification}", "exact", "the spectra as exact series"
        having = [e for e in spectrum.eigenvalues if e.series[1] or e.series[-1]]
        odd.append(bool(having))
        told.append(f"{name}: {len(having)} of {len(spectrum.eigenvalues)} branches have a term in k**(-1/2)")
    same = all(odd) if claim.printed == "1/sqrt(k)" else not any(odd)
    return ("confirmed" if same else "refuted"), "; ".join(told), "exact", "the spectra as exact series"


def _leading_term(x: Series) -> tuple[int, int]:
    """The power of t and the sign of the leading term. Undecided if no term is known."""
    if not x.coefficients:
        raise Undecided(f"the leading term of {x} is not known")
    return x.valuation, x.field.sign(x.leading)


def _condition(claim: Claim, context: Context) -> Outcome:
    """With the second layer fixed no eigenvalue is 0, so the condition number is the largest over the least."""
    rests = "the spectra with one trained layer as exact series, with the signs of their leading terms"
    names, powers = claim.subject.split(","), set()
    for name in names:
        spectrum = context.named(name).spectrum(0, 1)
        terms = [_leading_term(e.series) for e in spectrum.eigenvalues]
        if any(sign <= 0 for _, sign in terms):
            return "refuted", f"an eigenvalue of {name} is not positive", "exact", rests
        powers.add(Fraction(max(power for power, _ in terms) - min(power for power, _ in terms), 2))
    found = (
        f"the largest over the least eigenvalue is of order {' or '.join(f'd**{x}' for x in sorted(powers))} exactly"
    )
    at_least = min(powers) >= Fraction(claim.printed)
    return ("confirmed" if at_least else "refuted"), f"{found} (for each of {', '.join(names)})", "exact", rests


def _layers_agree(claim: Claim, context: Context) -> Outcome:
    for name in claim.printed.split(","):
        two, one = (context.named(name).spectrum(0, layers) for layers in (2, 1))
        negative = [tuple(_total_at(spectrum.negative_at_large_d(), d) for d in POINTS) for spectrum in (two, one)]
        zeros, others = ([e for e in spectrum.eigenvalues if e.is_zero] for spectrum in (two, one))
        if negative[0] != negative[1] or others or any(_total_at(zeros, d) != d for d in POINTS):
            return "refuted", f"they differ for {name}", "exact", "the spectra for one and two trained layers"
    found = "k exact zeros with two layers, none with one; the same number of negative eigenvalues"
    return "confirmed", found, "exact", "both spectra as exact series; L depends on alpha_i w_i only"


def _rescaled_spectrum(claim: Claim, context: Context) -> Outcome:
    from symrelu.spectrum.rescaling import trace_along_rescaling

    by_power = trace_along_rescaling(context.family(claim))
    found = " + ".join(f"({x}) lambda**({power})" for power, x in sorted(by_power.items()))
    same = len([x for x in by_power.values() if x.coefficients]) > 1
    rests = "H becomes S' H S with S = Diag(1/lambda, lambda): congruent (Sylvester: inertia is constant), not similar"
    return ("confirmed" if same else "refuted"), f"trace of the Hessian = {found}", "exact", rests


def _invariance(claim: Claim, context: Context) -> Outcome:
    from symrelu.claims.permutations import losses_permuted

    if claim.printed == "alpha fixed":  # one counterexample refutes
        before, after, _ = losses_permuted(((2, 0), (0, 1)), (1, 2), (1, 0), (0, 1))
        found = f"k = d = 2, W = diag(2, 1), alpha = (1, 2), rows swapped: L goes from {before} to {after}"
        return ("confirmed" if before == after else "refuted"), found, "exact", "the exact loss of a 2 x 2 network"
    W, alpha, pi, rho = ((2, 1), (-1, 1), (0, 3)), (1, 2, 5), (1, 2, 0), (1, 0)
    before, kept, after = losses_permuted(W, alpha, pi, rho)
    same = before == after != kept
    found = (
        "the network is a sum over neurons, and x ~ N(0, I) and the target V = I_d do not change when coordinates are "
        "permuted; as an illustration, the exact loss of a 3 x 2 network whose rows and columns are permuted"
    )
    rests = "the argument given; the illustration proves nothing by itself"
    return ("confirmed" if same else "refuted"), found, "derived", rests


def _later(claim: Claim, context: Context) -> Outcome:
    return "open", claim.printed, "none", "not decided here"


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "spectrum_line": _spectrum_line,
    "spectrum_total": _spectrum_total,
    "nonnegative": _nonnegative,
    "y_vector": _y_vector,
    "y_display": _y_display,
    "coincide": _coincide,
    "fixed_number": _fixed_number,
    "linear_growth": _linear_growth,
    "bulk": _bulk,
    "table_of_one_layer": _table_of_one_layer,
    "odd_powers": _odd_powers,
    "condition": _condition,
    "layers_agree": _layers_agree,
    "rescaled_spectrum": _rescaled_spectrum,
    "invariance": _invariance,
    "later": _later,
}
