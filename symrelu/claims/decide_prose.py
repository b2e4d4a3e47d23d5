"""Deciding sentences of the main paper (and one of Pennington & Bahri) that a second reading, paragraph by paragraph,
found without a claim: most rest on the families and on small exact examples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from symrelu.claims.claim import Answer, Claim, Context, Outcome
from symrelu.exact.parse import parse
from symrelu.exact.series import Series, monomial

DIGITS = 10
ORDER = 6
SMALL = 1e-12  # of floats


def said(same: bool) -> Answer:
    """Confirmed or refuted."""
    return "confirmed" if same else "refuted"


# -- isotropy of matrices ----------------------------------------------------------------------------------------------


def _drawn(blocks: Sequence[int]) -> list[list[int]]:
    """A matrix in block form whose coordinates, own column and others apart, are 1, 2, 3, ..."""
    place = [(b, i) for b, size in enumerate(blocks) for i in range(size)]
    values: dict[tuple[int, int, bool], int] = {}
    return [[values.setdefault((b, c, i == j and b == c), len(values) + 1) for c, j in place] for b, i in place]


def _figure_isotropy(claim: Claim, context: Context) -> Outcome:
    """The isotropy of three drawn block forms with entries that all differ."""
    from symrelu.symmetry.identify import matrix_isotropy

    found = []
    for text in claim.subject.split(";"):
        matrix = _drawn([int(x) for x in text.split(",")])
        group = matrix_isotropy(matrix)
        found.append(f"{group.label()} of order {group.order}, {len({x for row in matrix for x in row})} values")
    same = "; ".join(x.split(" of order")[0] for x in found) == claim.printed
    return said(same), "; ".join(found), "exact", "the isotropy group of a matrix of whole numbers"


def _global_minimizers(claim: Claim, context: Context) -> Outcome:
    """All W with sum relu(<w_i, x>) = sum relu(x_j), k = d: one neuron on each kink, with the jump 1, and no remainder.

    A neuron c relu(<w, x>) is not differentiable on the hyperplane w' alone, where its gradient jumps by c |w|. The sum
    of the teachers jumps by 1 on x_j = 0 for each of the d values of j and nowhere else, so with d neurons each is
    s_j e_j, s_j = +-1, and sum (relu(s_j x_j) - relu(x_j)) = - sum over s_j = -1 of x_j must vanish.
    """
    from symrelu.symmetry.identify import matrix_isotropy

    d = 3
    inputs = list(product((-1, 0, 2), repeat=d))
    left = [
        s for s in product((1, -1), repeat=d) if all(_sum_of_parts(s, x) == _sum_of_parts((1,) * d, x) for x in inputs)
    ]
    moved = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    label, order = matrix_isotropy(moved).label(), matrix_isotropy(moved).order
    found = (
        f"W is a permutation matrix (of the signs of its rows at d = {d} only {left} fit), and the isotropy of one "
        f"that is not I_3 is {label} up to the order of rows, of order {order}"
    )
    rests = "each neuron is smooth but for one hyperplane, across which its gradient jumps by |w_i|; alpha = 1"
    return said(left == [(1,) * d] and label == claim.printed and order == 6), found, "derived", rests


def _sum_of_parts(signs: Sequence[int], x: Sequence[int]) -> int:
    return sum(max(s * y, 0) for s, y in zip(signs, x, strict=True))


def _rescaled_isotropy(claim: Claim, context: Context) -> Outcome:
    from symrelu.symmetry.identify import matrix_isotropy

    scales = [int(x) for x in claim.printed.split(",")]
    W = [[scales[i] if i == j else 0 for j in range(len(scales))] for i in range(len(scales))]
    group = matrix_isotropy(W)
    whole = matrix_isotropy([[int(i == j) for j in range(len(scales))] for i in range(len(scales))])
    found = (
        f"Diag({claim.printed}), alpha the inverses, has loss 0 and isotropy of order {group.order} by (3), I_d of "
        f"order {whole.order}: the isotropy in Theorem 1 is that of lambda = 1 (or of alpha_i w_i)"
    )
    return said(group.order == whole.order), found, "exact", "the isotropy group of a matrix of whole numbers"


def _fixed_space(claim: Claim, context: Context) -> Outcome:
    """The orbits of S_d on pairs of indices, and the gradient at a point of that space."""
    import numpy as np

    from symrelu.model.dense import DenseLoss

    dimension = len(context.named("1b").problem.names)
    off = 0.0
    for d in (3, 5, 7):
        g = DenseLoss(np.eye(d)).row_gradient(0.7 * np.eye(d) - 0.3 * np.ones((d, d)))
        apart = ~np.eye(d, dtype=bool)
        off = max(off, float(np.ptp(np.diag(g))), float(np.ptp(g[apart])))
    found = f"dimension {dimension}; the gradient at a point of W_d lies in W_d to {off:.0e} (d = 3, 5, 7)"
    rests = "orbits of pairs (i, j): i = j and i /= j; f is invariant, so its gradient is equivariant"
    return said(dimension == int(claim.printed) and off < SMALL), found, "derived", f"{rests}; floats illustrate it"


def _gradient_definition(claim: Claim, context: Context) -> Outcome:
    """How many times the entries of grad f the display is (``printed``: for the diagonal and for the others), at two d.

    It is d f(a_1 I + a_2 (J - I))/d a_i, that is <grad f, I> and <grad f, J - I>.
    """
    import numpy as np
    import sympy

    from symrelu.model.dense import DenseLoss
    from symrelu.model.expression import D, coordinates, gradient_expression

    problem = context.named("1b").problem
    expression, explicit = gradient_expression(problem), gradient_expression(problem).explicit()
    told, point = [], (0.7, -0.2)
    same = orbits = True
    for d in (5, 8):
        g = DenseLoss(np.eye(d)).row_gradient((point[0] - point[1]) * np.eye(d) + point[1] * np.ones((d, d)))
        at = {D: d, **dict(zip(coordinates(problem), point, strict=True))}
        ours = [float(sympy.N(explicit[name].subs(at))) for name in list(expression.values)[:2]]
        ratios = [ours[0] / g[0, 0], ours[1] / g[0, 1]]
        printed = [float(parse(text, {"d": Fraction(d)}, Fraction)) for text in claim.printed.split(",")]
        same = same and all(abs(r - p) < 1e-8 for r, p in zip(ratios, printed, strict=True))
        orbits = orbits and abs(ratios[0] - d) < 1e-8 and abs(ratios[1] - d * (d - 1)) < 1e-8
        told.append(f"{ratios[0]:.6f} and {ratios[1]:.6f} at d = {d}")
    found = f"the display is {', '.join(told)} times the diagonal and the other entry of grad f"
    if orbits:
        found += (
            ", as often as there are such entries, d and d(d - 1): it is the gradient of (a_1, a_2) -> f(a_1 I + "
            "a_2 (J - I)), with the same zeros"
        )
    return said(same), found, "derived", "the chain rule; floats illustrate it"


# -- families ----------------------------------------------------------------------------------------------------------


def _padding(claim: Claim, context: Context) -> Outcome:
    """k = d - 1 neurons and targets in d dimensions: the series of the family at k, a column of zeros, and its kind."""
    from symrelu.families import family
    from symrelu.model.setting import Setting

    blocks, rows, cols, limit, name = claim.subject.split(" ")
    padded = family(blocks=blocks, rows=rows, cols=cols, limit=limit, setting=Setting.parse(None, "pad", None, None))
    if claim.printed == "spectrum":
        return _padded_spectrum(padded.at(12, DIGITS).eigenvalues, context.named(name).at(11, DIGITS).eigenvalues, name)
    ours, theirs = (list(one.series(ORDER).entries.values()) for one in (padded, context.named(name)))
    known = [x.known(0, ORDER + 1) for x in ours]
    wanted = [_at_one_less(x, ORDER) for x in theirs]
    zeros = [not any(x) for x in known]
    kept = [x for x, zero in zip(known, zeros, strict=True) if not zero]
    kind = padded.kind_at_large_d()
    found = (
        f"the entries are those of {name} at k = d - 1 (through d**(-{ORDER // 2})), with a column of {sum(zeros)} "
        f"coordinate 0: a {kind} for all large d"
    )
    return (
        said(kept == wanted and any(zeros) and kind == "minimum"),
        found,
        "exact",
        "both as exact series; with the target padded too the residual does not depend on the last input, so the "
        "derivative by the new column is 0",
    )


def _at_one_less(x: Series, order: int) -> list[Any]:
    """The coefficients of t**0 .. t**order of a series in k**(-1/2), k = d - 1, as one in t = d**(-1/2)."""
    one, t = (monomial(x.field, 1, i) for i in (0, 1))
    inner = t / (one - t * t).truncate(order + 2).sqrt()
    total, power = monomial(x.field, 0, 0), one
    for coefficient in x.known(0, order + 1):
        total, power = total + power * coefficient, power * inner
    return total.known(0, order + 1)


def _padded_spectrum(ours: Sequence[Any], theirs: Sequence[Any], name: str) -> Outcome:
    inside, spectrum = (
        {(e.component, str(e.multiplicity), f"{float(str(e.value)):.8g}") for e in values} for values in (theirs, ours)
    )
    more = ", ".join(f"{component}: {value}" for component, _, value in sorted(spectrum - inside))
    found = f"at d = 12: all eigenvalues of {name} at k = 11, with multiplicities, and those of the new column ({more})"
    return said(inside < spectrum), found, "numerical", f"both spectra in {DIGITS} digits, at one d"


def _other_target(claim: Claim, context: Context) -> Outcome:
    from symrelu.families import family
    from symrelu.model.setting import Setting

    blocks, limit, beta = claim.printed.split(" ")
    other = family(blocks=blocks, limit=limit, setting=Setting.parse(None, None, beta, None))
    result, kind = other.series(2), other.kind_at_large_d()
    found = f"for instance V = I, beta = {beta} (the last teacher): a {kind} for large d, loss {result.loss}"
    return said(kind == "minimum" and result.loss.field.sign(result.loss.leading) > 0), found, "exact", result.proof


def _one_family(claim: Claim, context: Context) -> Outcome:
    from symrelu.families import family

    blocks, limit = claim.printed.split(" ")
    partner = family(blocks=blocks, limit=limit)
    kind, loss = partner.kind_at_large_d(), partner.series(2).loss
    found = f"{partner.actual.label()}, limit {limit}: a {kind} for all large d as well, loss {loss}"
    return said(kind != "minimum"), found, "exact", "the signs of its eigenvalues as exact series"


def _fractional(claim: Claim, context: Context) -> Outcome:
    """The largest d at which an eigenvalue changes sign, found numerically; proofs are those of Theorem 1's claims."""
    found_at, whole = [], []
    for name in claim.printed.split(","):
        found = context.named(name).thresholds(DIGITS, 5, prove=False).thresholds
        first = found[0].d if found else None
        whole.append(first is None or float(first).is_integer() or found[0].below != "negative")
        found_at.append(f"{name}: {float(first):.7f}" if first is not None else f"{name}: none")
    rests = "numerical here; proved to be one, and the largest, by the claims theorem1.*.minimum"
    return said(not any(whole)), f"saddles below, minima above d = {', '.join(found_at)}", "numerical", rests


def _initial_values(claim: Claim, context: Context) -> Outcome:
    """The number of families a = limit + O(1/d) of a type over one limit, all real solutions of the leading system."""
    from symrelu.found import find_families

    told, numbers = [], set()
    for text in claim.subject.split(";"):
        blocks, limit = text.split(" ")
        found = find_families(blocks=blocks, limit=limit)
        if not found.completeness.startswith("proved"):
            return "undecided", f"{text}: {found.completeness}", "exact", "a search that proves no completeness"
        numbers.add(len(found.families))
        told.append(f"{text}: {len(found.families)}")
    words = f"families a = limit + O(1/d) of blocks over a limit of the diagonal: {'; '.join(told)}"
    rests = "all real solutions of the leading systems; each is lifted by a contraction (the implicit function theorem)"
    return said(numbers == {int(claim.printed)}), words, "exact", rests


def _simple_limits(claim: Claim, context: Context) -> Outcome:
    allowed = {Fraction(x) for x in claim.subject.split(",")}
    limits = {name: context.named(name).limit for name in claim.printed.split(",")}
    same = all(x in allowed for limit in limits.values() for x in limit)
    found = "; ".join(f"{name}: {', '.join(map(str, limit))}" for name, limit in limits.items())
    return said(same), f"limits of a_1, a_2, ...: {found}", "exact", "the exact series"


def _growth_of_multiplicity(claim: Claim, context: Context) -> Outcome:
    """The quotient of the counts at d + 1 and d tends to infinity: faster than every exponential."""
    more = []
    for name in claim.printed.split(","):
        count = context.named(name).multiplicity()
        more.append((name, min(Fraction(count.at(d + 1), count.at(d)) - d for d in range(10, 16))))
    found = (
        "the count at d + 1 is more than d times that at d (d! times a polynomial): more than exponential, exp(d log d)"
    )
    return said(all(x > 0 for _, x in more)), found, "derived", "the multiplicities, d = 10 ... 15 looked at exactly"


# -- Pennington & Bahri ------------------------------------------------------------------------------------------------


def _squared_error(claim: Claim, context: Context) -> Outcome:
    """Minus the log of a normal density is the squared error, up to a factor and a constant."""
    import sympy

    e, eps = sympy.symbols("e eps", positive=True)
    variance = sympy.Integer(int(claim.printed)) * eps
    density = sympy.exp(-(e**2) / (2 * variance)) / sympy.sqrt(2 * sympy.pi * variance)
    log = sympy.expand_log(-sympy.log(density), force=True)
    factor = sympy.simplify(sympy.diff(log, e) / e)
    same = factor == 1 / variance and sympy.simplify(1 / (2 * factor)) == eps
    found = (
        f"-log of the density of N(0, {claim.printed} eps) has derivative ({factor}) e: squared error, mean loss eps"
    )
    return said(same), found, "exact", "SymPy; E e**2/2 = eps is (2)"


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "figure_isotropy": _figure_isotropy,
    "global_minimizers": _global_minimizers,
    "rescaled_isotropy": _rescaled_isotropy,
    "fixed_space": _fixed_space,
    "gradient_definition": _gradient_definition,
    "padding": _padding,
    "other_target": _other_target,
    "one_family": _one_family,
    "fractional": _fractional,
    "simple_limits": _simple_limits,
    "initial_values": _initial_values,
    "growth_of_multiplicity": _growth_of_multiplicity,
    "squared_error": _squared_error,
}
