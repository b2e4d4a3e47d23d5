"""Deciding the claims of the response to the predecessor's reviewers, but for one neuron and what needs descents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_spectrum import POINTS, _leading_term, _profile, _total_at
from symrelu.exact.parse import parse
from symrelu.spectrum.result import Eigenvalue

Rows = Sequence[Sequence[Any]]
ORDER = 8  # of series in which odd powers are looked for
SERIES = "the spectra with one trained layer as exact series"


def _said(same: bool) -> Any:
    return "confirmed" if same else "refuted"


# -- spectra of the families -------------------------------------------------------------------------------------------


def _other_spectra(claim: Claim, context: Context) -> Outcome:
    from symrelu.families import family
    from symrelu.model.activations import kernel_named
    from symrelu.model.setting import Setting

    ours = context.named(claim.subject).spectrum(0, 1)
    other = family(claim.subject, setting=Setting(kernel=kernel_named(claim.printed))).spectrum(0, 1)
    first, second = (sorted(str(value) for value, _ in _profile(x)) for x in (ours, other))
    found = f"{claim.subject} with {claim.printed}: {'; '.join(second)}; with relu: {'; '.join(first)}"
    return _said(first != second), found, "exact", f"{SERIES}, to O(d**(-1/2))"


def _persistent(claim: Claim, context: Context) -> Outcome:
    """Nonsingular Hessians, and the implicit function theorem: the gradient is C^1 in W and V where no row is 0."""
    names = claim.printed.split(",")
    for name in names:
        signs = [_leading_term(e.series)[1] for e in context.named(name).spectrum(0, 1).eigenvalues]
        if not all(signs):
            return "undecided", f"an eigenvalue of {name} is not told from 0", "exact", SERIES
        if any(sign < 0 for sign in signs):
            return "refuted", f"{name} is a saddle for all large d", "exact", SERIES
    found = (
        "no eigenvalue of the Hessian by W vanishes, so the implicit function theorem gives one critical point W(V) "
        f"near each, and the signs stay while V is near I_d (how near depends on d): {claim.printed}"
    )
    return "confirmed", found, "derived", f"{SERIES}; with both layers trained it holds up to the k rescalings"


def _growing(name: str, context: Context) -> list[Eigenvalue]:
    return [e for e in context.named(name).spectrum(0, 1).eigenvalues if _leading_term(e.series)[0] < 0]


def _degree(values: Sequence[Fraction]) -> int:
    """The degree of a polynomial from its values at consecutive points (-1 for 0)."""
    row, degree = list(values), -1
    while any(row):
        row, degree = [b - a for a, b in zip(row[:-1], row[1:], strict=True)], degree + 1
    return degree


def _dominating(claim: Claim, context: Context) -> Outcome:
    """The degrees in d of the numbers of eigenvalues of order d, distinct ones or with multiplicity."""
    names, said, degrees = claim.subject.split(","), [], set()
    what, _, printed = claim.printed.partition(" of degree ")
    for name in names:
        growing = _growing(name, context)
        distinct = [Fraction(sum(e.multiplicity.present(d) for e in growing)) for d in POINTS]
        degrees.add(_degree(distinct if what == "distinct" else [_total_at(growing, d) for d in POINTS]))
        leading = {str(e.series.truncate(1)) for e in growing}
        said.append(
            f"{name}: {len(growing)} branches ({len(leading)} distinct to O(d**(-1/2))) of multiplicities "
            f"{', '.join(str(e.multiplicity) for e in growing)}"
        )
    found = f"eigenvalues of order d: {'; '.join(said)}"
    rests = f"{SERIES}; multiplicities are polynomials in d"
    return _said(degrees == {int(printed)}), found, "exact", rests


def _skewed(claim: Claim, context: Context) -> Outcome:
    """The power of d in the third central moment of the spectrum over the second to the power 3/2, with one trained
    layer or two.
    """
    layers = 2 if claim.kind == "skewed_both" else 1
    names, powers = claim.subject.split(","), set()
    for name in names:
        terms = []
        for e in context.named(name).spectrum(0, layers).eigenvalues:
            if e.is_zero:
                continue
            power, sign = _leading_term(e.series)
            if sign < 0:
                return "undecided", f"{name} has a negative branch; cancellation is not excluded", "exact", SERIES
            terms.append((_degree([e.multiplicity.formal(d) for d in POINTS]), Fraction(-power, 2)))
        first, second, third = (max(degree + r * power for degree, power in terms) - 2 for r in (1, 2, 3))
        if not first < max(power for _, power in terms):
            return "undecided", f"the mean of {name} grows as fast as its largest eigenvalues", "exact", SERIES
        powers.add(third - Fraction(3, 2) * second)
    number = "d**2" if layers == 1 else "d*(d + 1)"
    found = f"the skewness of the {number} eigenvalues is of order d**({', '.join(map(str, sorted(powers)))}), positive"
    rests = (
        f"the spectra as exact series: of {number} eigenvalues d + 1 are of order d, all positive, the others bounded"
    )
    return _said(powers == {Fraction(claim.printed)}), found, "exact", rests


def _root_of_k(claim: Claim, context: Context) -> Outcome:
    said, found = [], set()
    for name in claim.subject.split(","):
        series = context.named(name).series(ORDER)
        odd = [p for p in range(1, ORDER + 1, 2) if any(x[p] for x in series.entries.values())]
        found.add(series.ramification)
        said.append(f"{name}: first odd power d**(-{odd[0]}/2)" if odd else f"{name}: no odd power to d**(-{ORDER}/2)")
    rests = "the series, proved by substitution; other isotropy types have families with other exponents"
    return _said(found == {int(claim.printed)}), "; ".join(said), "exact", rests


# -- invariance --------------------------------------------------------------------------------------------------------


def _dot(u: Sequence[Any], v: Sequence[Any]) -> Any:
    return sum(a * b for a, b in zip(u, v, strict=True))


def _kernel_loss(W: Rows, V: Rows, beta: Sequence[int]) -> Any:
    """The loss for Gaussian inputs, exactly, alpha = 1."""
    import sympy

    from symrelu.model.kernels import RELU

    rows, weights = [*W, *V], [*(1 for _ in W), *(-b for b in beta)]
    pairs = product(zip(rows, weights, strict=True), repeat=2)
    return sympy.expand(sum(a * b * RELU(_dot(u, u), _dot(v, v), _dot(u, v)) for (u, a), (v, b) in pairs) / 2)


def _signs_loss(W: Rows, V: Rows, beta: Sequence[int]) -> Any:
    """The loss for inputs of independent signs, exactly."""
    total: Any = 0
    inputs = list(product((1, -1), repeat=len(W[0])))
    for x in inputs:
        z = sum(max(_dot(w, x), 0) for w in W) - sum(b * max(_dot(v, x), 0) for v, b in zip(V, beta, strict=True))
        total += z * z
    return total / (2 * len(inputs))


def _times(W: Rows, Q: Rows) -> list[list[Any]]:
    return [[_dot(row, column) for column in zip(*Q, strict=True)] for row in W]


def _exact(W: Rows) -> list[list[Any]]:
    import sympy

    return [[sympy.Rational(x) for x in row] for row in W]


def _differ(x: Any, y: Any) -> bool:
    """Whether two exact numbers differ (equal ones are the same expression, or agree to 30 digits)."""
    return bool(x != y) and abs(float((x - y).evalf(30))) > 1e-25


def _orthogonal(claim: Claim, context: Context) -> Outcome:
    """Under a rotation Q of both W and V; for V = I_d the permutations of columns are among those that fix V."""
    loss = {"kernel": _kernel_loss, "signs": _signs_loss}[claim.subject]
    Q = _exact([["3/5", "4/5"], ["-4/5", "3/5"]])
    swap = _exact([["0", "1"], ["1", "0"]])
    W, V = _exact([["2", "1"]]), _exact([["1", "0"], ["0", "1"]])
    before = loss(W, V, (1, 1))
    rotated, swapped = (loss(_times(W, x), _times(V, x), (1, 1)) for x in (Q, swap))
    if _differ(swapped, before) or _differ(loss(_times(W, swap), V, (1, 1)), before):
        return "undecided", "permutations of columns changed the loss", "exact", "a 1 x 2 network"
    invariant = not _differ(rotated, before)
    found = f"w = (2, 1), V = I and a rotation with entries 3/5, 4/5: the loss goes from {before} to {rotated}"
    same = _said(invariant == (claim.printed == "invariant"))
    if not invariant:
        return same, f"{found}; permutations keep it", "exact", "exact losses"
    found = (
        "the rows enter as <w Q, x> = <w, x Q'> only, and x Q' has the law of x, so L(W Q; V Q) = L(W; V); Q that "
        f"permute the rows of V keep V up to order; Gaussian inputs illustrate it: {found}"
    )
    return same, found, "derived", "the argument given, for every law that rotations keep; exact losses of one network"


def _activation_group(claim: Claim, context: Context) -> Outcome:
    from symrelu.model.activations import kernel_named

    kernel = kernel_named(claim.subject)
    more = {
        "each row may change sign": kernel.even,
        "a row and its second-layer entry may change sign together": kernel.odd,
        "O(k) acts on the rows": kernel.rotations,
    }
    extra = [words for words, there in more.items() if there]
    found = f"{claim.subject}: {', '.join(extra) or 'nothing beyond permutations'}"
    rests = "identities of the kernel as an expression in <w,w>, <v,v>, <w,v>"
    return _said(bool(extra) == (claim.printed == "larger")), found, "exact", rests


def _teacher_group(claim: Claim, context: Context) -> Outcome:
    beta = tuple(int(x) for x in claim.subject.split(","))
    W, V = _exact([["2", "1"]]), _exact([["1", "0"], ["0", "1"]])
    before, after = (_kernel_loss(x, V, beta) for x in (W, [row[::-1] for row in W]))
    found = f"beta = ({claim.subject}), w = (2, 1): with its columns exchanged the loss goes from {before} to {after}"
    return (
        _said(_differ(before, after) == (claim.printed == "smaller")),
        found,
        "exact",
        "the exact loss of a 1 x 2 network",
    )


def _inherited(claim: Claim, context: Context) -> Outcome:
    """L(gW) = L(W) for permutations g, which are orthogonal, so H(gW) = g H(W) g'."""
    import numpy as np

    from symrelu.model.dense import DenseLoss

    d = 6
    loss, W = DenseLoss(np.eye(d)), context.named(claim.subject).at(d, layers=1).matrix()
    H = loss.hessian(W)
    if claim.printed == "orbit":
        rng = np.random.default_rng(1)
        moved = W[rng.permutation(d)][:, rng.permutation(d)]
        off = float(np.abs(np.linalg.eigvalsh(loss.hessian(moved)) - np.linalg.eigvalsh(H)).max())
        found = f"{claim.subject} at d = {d}, rows and columns permuted at random: eigenvalues agree to {off:.0e}"
        rests = "L(gW) = L(W) with g orthogonal, so H(gW) = g H(W) g', similar; floats as an illustration"
        return _said(off < 1e-12), found, "derived", rests
    kept, broken = (
        _moved(H, d, np.array([*order, *range(2, d - 1), last])) for order, last in (((1, 0), d - 1), ((d - 1, 1), 0))
    )
    found = (
        f"{claim.subject} at d = {d}: H commutes with an exchange of the isotropy group to {kept:.0e}, and not with "
        f"one outside of it ({broken:.1g})"
    )
    rests = "L(gW) = L(W), so H(W) = H(gW) = g H(W) g' for g in Iso(W); floats as an illustration"
    return _said(kept < 1e-12 < broken), found, "derived", rests


def _moved(H: Any, d: int, order: Any) -> float:
    """How far H is from itself with rows and columns of W permuted alike."""
    import numpy as np

    places = (order[:, None] * d + order).reshape(-1)
    return float(np.abs(H[np.ix_(places, places)] - H).max())


# -- the loss as a function --------------------------------------------------------------------------------------------


def _hessian_size(claim: Claim, context: Context) -> Outcome:
    import numpy as np

    from symrelu.model.dense import DenseLoss

    sizes, off, step = {}, 0.0, 1e-5
    for d in (4, 5, 6):
        loss, W = DenseLoss(np.eye(d)), context.named(claim.subject).at(d, layers=1).matrix()
        sizes[d] = loss.hessian(W).shape
        changes = step * np.eye(d * d).reshape(-1, d, d)  # DenseLoss makes its Hessian symmetric: look at the gradient
        J = (loss.row_gradient(W + changes) - loss.row_gradient(W - changes)).reshape(d * d, d * d) / (2 * step)
        off = max(off, float(np.abs(J - J.T).max()))
    same = off < 1e-8 and all(sizes[k] == (_at(claim.printed, k), _at(claim.printed, k)) for k in sizes)
    found = f"{', '.join(f'{m} x {n} at k = {k}' for k, (m, n) in sizes.items())}, with the second layer fixed"
    found += f"; the derivatives of the gradient, by differences, are symmetric to {off:.0e}"
    rests = "L is twice continuously differentiable where no row is 0, so H is symmetric; floats illustrate it"
    return _said(same), found, "derived", rests


def _at(text: str, k: int) -> int:
    value = parse(text, {"k": Fraction(k)}, Fraction)
    assert isinstance(value, Fraction)
    return int(value)


def _analytic(claim: Claim, context: Context) -> Outcome:
    import numpy as np
    import sympy

    from symrelu.model.kernels import PSI, RELU, G, P, Q, S

    if claim.printed != "outside":
        below = {x.base for x in RELU.expression.atoms(sympy.Pow) if x.exp.is_negative}
        analytic = below <= {P, Q, G} and RELU.expression.free_symbols <= {P, Q, S, G, PSI}
        empty = RELU.smooth_at_parallel_rows and RELU.smooth_at_zero_rows
        same = analytic and empty == (claim.printed == "empty")
        rests = "the kernel as an expression; a polynomial that is not 0 vanishes on a set of measure 0"
        found = (
            "kappa is an expression in p, q, s, g = sqrt(p q - s**2) and the angle, analytic for p, q, g > 0; so L is "
            "analytic but on the zeros of the polynomial prod |w_i|**2 prod (|u|**2 |w_i|**2 - <u,w_i>**2), u any "
            f"other row of W or V (d > 1); a singular part is left there: {RELU.partials['perp']}"
        )
        return _said(same), found, "derived", rests
    inside = []
    d = 20
    for name in claim.subject.split(","):
        W = context.named(name).at(d, layers=1).matrix()
        rows = np.vstack([W, np.eye(d)])
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        cosines = np.abs(unit @ unit.T) - np.eye(2 * d)
        if cosines[:d].max() > 1 - 1e-12:
            inside.append(name)
    exact = [n for n in inside if context.named(n).series(2).loss.is_exact_zero]
    found = f"in it: {', '.join(inside) or 'none'} (rows of W parallel to rows of V, where L is C^2, not C^3)"
    rests = "angles at d = 20; at the global minimum W = V exactly, and kappa has a term in |angle|**3 there"
    if inside and inside != exact:
        return "undecided", found, "numerical", rests
    return _said(not inside), found, "exact" if inside else "numerical", rests


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "other_spectra": _other_spectra,
    "persistent": _persistent,
    "dominating": _dominating,
    "skewed": _skewed,
    "skewed_both": _skewed,
    "root_of_k": _root_of_k,
    "orthogonal": _orthogonal,
    "activation_group": _activation_group,
    "teacher_group": _teacher_group,
    "inherited": _inherited,
    "hessian_size": _hessian_size,
    "analytic": _analytic,
}
