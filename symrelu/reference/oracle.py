"""Series coefficients at d = infinity, found without any series: solve at tiny t, then interpolate.

The networks are those of Theorem 1 of the main paper: k = d ReLU neurons, target V = I_d, second-layer weights 1, and

    W = [ A_n(a_1, a_2)   a_3 ... a_3      ]   n = d - m rows of block A
        [ a_4 ... a_4     A_m(a_5, a_6)    ]   m rows of block B,

where A_n(x, y) has x on its diagonal and y elsewhere; for m = 0 only a_1, a_2 remain, for m = 1 there is no a_6. The
population loss of W is a sum over pairs of rows of one kernel kappa(p, q, s) of the squared norms p, q and the inner
product s, and the rows of W and I_d fall into a few classes whose numbers of pairs are polynomials in d: so d may be
any real number. A critical point of the loss among these matrices is a critical point among all, by symmetry, and in
the second layer too: ReLU is positively homogeneous, so the derivative by alpha_i is that along row i.

The recipe: with t = d^(-1/2), solve for the critical point at t = h, 2h, ..., Kh, h = 10^-k, by Newton's method in some
hundred digits; pass the polynomial of degree K - 1 through each entry and the loss; read off its coefficients. This is
done for two values of h, and the agreement of the two says how many digits to trust.

Gradient and Hessian come from the loss by automatic differentiation (`jets`). Leading coefficients are needed only to
start Newton's method in the right place; every digit of the answer comes from the solved points.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath

from symrelu.reference.jets import Jet, Number, atan2, sqrt, variables

# mpmath has no type stubs: its numbers are Any to the type checker
Mpf = Any

# the families of Theorem 1 as (m, limit); 1a is W = V itself, where rows are parallel and there is nothing to expand
NAMED: dict[str, tuple[int, str]] = {
    "1b": (0, "-"),
    "2a": (1, "+-"),
    "2b": (1, "-+"),
    "3a": (2, "+-"),
    "3b": (2, "-+"),
    "4": (3, "+-"),
}

_NEWTON_STEPS = 40


class OracleError(ValueError):
    """The oracle was asked for what it cannot give, or Newton's method did not find the family."""


@dataclass(frozen=True, eq=False)
class OracleSeries(Mapping[str, list[Mpf]]):
    """Series coefficients by name: `series["a_3"][2]` is the coefficient of t^2 in a_3, `series["loss"]` the loss.

    `correct_digits[name][n]` estimates, on the safe side, how many digits of coefficient n are right: decimals for a
    coefficient below 1 in absolute value, significant digits for a larger one. Like every estimate by two
    computations it is no proof.
    """

    coefficients: dict[str, list[Mpf]]
    correct_digits: dict[str, list[int]]

    def __getitem__(self, name: str) -> list[Mpf]:
        return self.coefficients[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.coefficients)

    def __len__(self) -> int:
        return len(self.coefficients)


# the reduced loss -----------------------------------------------------------------------------------------------------


def kappa(p: Number, q: Number, s: Number) -> Number:
    """E[max(0, <w, x>) max(0, <v, x>)] for x ~ N(0, I) from p = <w, w>, q = <v, v>, s = <w, v>; numbers or jets.

    The arc-cosine formula (|w| |v| sin(theta) + (pi - theta) s) / 2 pi with |w| |v| sin(theta) the root of the Gram
    determinant p q - s^2. That cancels where the vectors are nearly parallel: choose the precision accordingly.
    """
    gram = p * q - s * s
    if not isinstance(gram, Jet):
        # Cauchy and Schwarz: only rounding makes it negative
        gram = max(gram, mpmath.mpf(0))
    area = sqrt(gram)
    return (area + (mpmath.pi - atan2(area, s)) * s) * (1 / (2 * mpmath.pi))


def pair_classes(d: Mpf, m: int, entries: Sequence[Number]) -> list[tuple[Mpf, Number, Number, Number]]:
    """The classes of pairs of different rows, of W with W and of W with I_d, as (weight in the loss, p, q, s).

    A weight is the number of ordered pairs, times 1/2 for pairs of student rows and -1 for a student and a teacher row.
    """
    n = d - m
    half = mpmath.mpf(1) / 2
    if m == 0:
        a1, a2 = entries
        norm = a1 * a1 + (n - 1) * (a2 * a2)
        return [
            (half * n * (n - 1), norm, norm, 2 * (a1 * a2) + (n - 2) * (a2 * a2)),
            (-n, norm, 1, a1),
            (-n * (n - 1), norm, 1, a2),
        ]
    a1, a2, a3, a4, a5 = entries[:5]
    # for m = 1 there is no second row of block B, and every term with a6 has the factor m - 1 = 0
    a6 = entries[5] if m > 1 else mpmath.mpf(0)
    norm_a = a1 * a1 + (n - 1) * (a2 * a2) + m * (a3 * a3)
    norm_b = n * (a4 * a4) + a5 * a5 + (m - 1) * (a6 * a6)
    inner_aa = 2 * (a1 * a2) + (n - 2) * (a2 * a2) + m * (a3 * a3)
    inner_ab = a1 * a4 + (n - 1) * (a2 * a4) + a3 * a5 + (m - 1) * (a3 * a6)
    inner_bb = n * (a4 * a4) + 2 * (a5 * a6) + (m - 2) * (a6 * a6)
    classes = [
        (half * n * (n - 1), norm_a, norm_a, inner_aa),
        (n * m, norm_a, norm_b, inner_ab),
        (-n, norm_a, 1, a1),
        (-n * (n - 1), norm_a, 1, a2),
        (-n * m, norm_a, 1, a3),
        (-n * m, norm_b, 1, a4),
        (-m, norm_b, 1, a5),
    ]
    if m > 1:
        classes += [(half * m * (m - 1), norm_b, norm_b, inner_bb), (-m * (m - 1), norm_b, 1, a6)]
    return classes


def reduced_loss(d: Any, m: int, entries: Sequence[Number]) -> Any:
    """The loss of the block matrix with the given entries against V = I_d, at the current working precision of mpmath.

    Parameters: d real, d > m; m >= 0 the size of the second block; entries a_1, a_2, ... (2, 5 or 6 of them for m = 0,
    m = 1, m > 1), numbers or jets.
    Returns: an mpf, or a jet if the entries are jets.
    Raises: OracleError for a wrong number of entries; ValueError for jets where two rows are parallel up to rounding.
    """
    d = mpmath.mpf(d)
    _check_entries(m, len(entries))
    classes = pair_classes(d, m, entries)
    # a row with itself: E[max(0, <w, x>)^2] = p / 2
    norms = [(d - m, classes[0][1])] + ([(mpmath.mpf(m), classes[1][2])] if m else [])
    teacher = d / 2 + d * (d - 1) / (2 * mpmath.pi)
    total: Number = teacher / 2
    for count, norm in norms:
        total = total + (count / 4) * norm
    for weight, p, q, s in classes:
        total = total + weight * kappa(p, q, s)
    return total


def block_matrix(d: int, m: int, entries: Sequence[Any]) -> list[list[Any]]:
    """The d x d matrix W itself, for integers d > m >= 0, as rows of the entries given."""
    _check_entries(m, len(entries))
    n = d - m

    def entry(i: int, j: int) -> Any:
        if i < n:
            return entries[2] if j >= n else entries[0 if i == j else 1]
        return entries[3] if j < n else entries[4 if i == j else 5]

    return [[entry(i, j) for j in range(d)] for i in range(d)]


def entry_count(m: int) -> int:
    """The number of entries a_1, a_2, ... for a second block of size m."""
    return {0: 2, 1: 5}.get(m, 6)


def _check_entries(m: int, count: int) -> None:
    if m < 0 or count != entry_count(m):
        raise OracleError(f"{count} entries were given for blocks d-{m},{m}: give {entry_count(m)}, and m >= 0")


# critical points ------------------------------------------------------------------------------------------------------


def leading_entries(m: int, limit: Sequence[int], t: Mpf) -> list[Mpf]:
    """The entries of the family to order t^2, as in Theorem 1 (for every m alike): where Newton's method starts."""
    pi, u = mpmath.pi, t * t
    if m == 0:
        return [-1 + 2 * u, 2 * u]
    if tuple(limit) == (1, -1):
        own = -1 + (8 / pi**2 + 2 + 8 / pi) * u
        other = 2 * (pi**3 + 4 * pi**2 - 12 * pi + 16) / (pi**2 * (2 + pi)) * u
        start = [mpmath.mpf(1), mpmath.mpf(0), 2 * u, 4 / pi * u, own, other]
    else:
        own = 1 + 8 * (pi - 1) / pi**2 * u
        other = 4 * (6 * pi - 8 - pi**2) / (pi**2 * (2 + pi)) * u
        start = [-1 + 2 * u, 2 * u, mpmath.mpf(0), (2 - 4 / pi) * u, own, other]
    return start[: entry_count(m)]


def newton(d: Mpf, m: int, start: Sequence[Mpf], tolerance: Mpf) -> tuple[list[Mpf], Mpf]:
    """A critical point of the reduced loss near the start, and the loss there, at the current working precision.

    Parameters: d real, m >= 0, the start's entries, and the size of step at which to stop.
    Returns: the entries, after a last step below the tolerance (the convergence is quadratic), and the loss.
    Raises: OracleError if there is no convergence.
    """
    point = [mpmath.mpf(x) for x in start]
    size = len(point)
    for _ in range(_NEWTON_STEPS):
        try:
            loss = reduced_loss(d, m, variables(point))
            assert isinstance(loss, Jet)
            hessian = mpmath.matrix(size, size)
            for i, row in enumerate(loss.second):
                for j, x in enumerate(row):
                    hessian[i, j] = hessian[j, i] = x
            step = mpmath.lu_solve(hessian, mpmath.matrix([-x for x in loss.first]))
        except (ZeroDivisionError, ValueError) as error:
            raise OracleError(f"Newton's method met a singular point at d = {mpmath.nstr(d, 8)}: {error}") from error
        point = [x + dx for x, dx in zip(point, step, strict=True)]
        if max(abs(dx) for dx in step) < tolerance:
            return point, reduced_loss(d, m, point)
    raise OracleError(f"Newton's method did not settle at d = {mpmath.nstr(d, 8)}: start nearer, or at a larger d")


def interpolate(values: Sequence[Mpf]) -> list[Mpf]:
    """The coefficients, constant first, of the polynomial of degree below K with the given values at 1, 2, ..., K."""
    # Newton's form: the i-th forward difference over i! multiplies (x - 1)(x - 2) ... (x - i)
    differences = list(values)
    count = len(differences)
    for i in range(1, count):
        for j in range(count - 1, i - 1, -1):
            differences[j] = (differences[j] - differences[j - 1]) / i
    coefficients = [mpmath.mpf(0)] * count
    for node in range(count, 0, -1):
        # Horner: multiply by (x - node), then add the divided difference
        shifted = [mpmath.mpf(0), *coefficients[:-1]]
        coefficients = [up - node * same for up, same in zip(shifted, coefficients, strict=True)]
        coefficients[0] += differences[node - 1]
    return coefficients


def _solved_points(m: int, limit: tuple[int, ...], step: int, count: int) -> list[list[Mpf]]:
    """Entries and loss at t = j 10^-step, j = 1 ... count: a list of values at the points for each name."""
    # a step of size x leaves an error of at most about x^2 / t^2, as the entries change on the scale t^2:
    # stop when that drowns in the rounding
    tolerance = mpmath.mpf(10) ** (-(mpmath.mp.dps // 2 + 2 * step))
    solutions: list[list[Mpf]] = []
    for j in range(1, count + 1):
        t = j * mpmath.mpf(10) ** -step
        start = leading_entries(m, limit, t)
        if j > 3:
            # continue the polynomial through the points so far: fewer Newton steps, the same solution
            start = [_next_value([point[i] for point in solutions]) for i in range(len(start))]
        point, loss = newton(1 / t**2, m, start, tolerance)
        solutions.append([*point, loss])
    return [list(values) for values in zip(*solutions, strict=True)]


def _next_value(values: Sequence[Mpf]) -> Mpf:
    """The value at K + 1 of the polynomial of degree below K with the given values at 1, 2, ..., K."""
    return -mpmath.fsum((-1) ** (len(values) - i) * mpmath.binomial(len(values), i) * x for i, x in enumerate(values))


# series ---------------------------------------------------------------------------------------------------------------


def oracle_series(m: int, limit: str | Sequence[int], order: int, digits: int) -> OracleSeries:
    """The coefficients of t^0 ... t^order, t = d^(-1/2), of all entries and the loss of a family of Theorem 1's kind.

    Parameters: m >= 0, the size of the second block (0: one block d); limit, the signs of the diagonal at d = infinity,
    a string such as "+-" or "+,-", or a sequence of 1 and -1 (one sign for m = 0, else two); order >= 2; digits >= 1.
    Returns: coefficients by the names a_1, a_2, ..., loss, each with at least `digits` correct digits as far as two
    computations at different d can tell (see `OracleSeries`), as mpf numbers with some guard digits.
    Raises: OracleError for a limit it does not know, or if the family is not found or is no power series in t.
    """
    signs = _signs(m, limit)
    if order < 2 or digits < 1:
        raise OracleError(f"order {order} with {digits} digits was asked for: give an order >= 2 and digits >= 1")
    found = _cached_series(m, signs, order, digits)
    # the cache keeps its own lists
    return OracleSeries(
        {name: list(values) for name, values in found.coefficients.items()},
        {name: list(values) for name, values in found.correct_digits.items()},
    )


def _signs(m: int, limit: str | Sequence[int]) -> tuple[int, ...]:
    """The limit as a tuple of 1 and -1, if it is one of those known."""
    if isinstance(limit, str):
        signs = tuple({"+": 1, "-": -1}.get(x, 0) for x in limit.replace(",", "").replace(" ", ""))
    else:
        signs = tuple(limit)
    known = [(-1,)] if m == 0 else [(1, -1), (-1, 1)]
    if m < 0 or signs not in known:
        raise OracleError(
            f"limit {limit!r} was given with a second block of size {m}: give '-' for m = 0, '+-' or '-+' for m >= 1"
        )
    return signs


@cache
def _cached_series(m: int, limit: tuple[int, ...], order: int, digits: int) -> OracleSeries:
    # the coefficient of t^n comes out to about step (count - n) digits, less what its followers outgrow it by;
    # digits are cheaper by a smaller h than by more points
    step = max(8, digits // 2)
    for extra in (0, 2, 4):
        count = order + -(-(digits + 2 * order) // step) + extra
        # the coefficient of t^n is divided by h^n, and sums of d^2 terms (h^-4 of them) make up the loss
        with mpmath.workdps((step + 1) * (order + 4) + digits + 15 + 10 * extra):
            coarse = _coefficients(m, limit, step, count, order)
            # points ten times closer to 0 give better coefficients: the difference is the error of the coarse ones
            fine = _coefficients(m, limit, step + 1, count, order)
        with mpmath.workdps(2 * digits + 15):
            agreement = [
                [_agreeing_digits(x, y) for x, y in zip(xs, ys, strict=True)]
                for xs, ys in zip(coarse, fine, strict=True)
            ]
            fine = [[+x for x in values] for values in fine]
        if min(map(min, agreement)) >= digits:
            names = [f"a_{i}" for i in range(1, entry_count(m) + 1)] + ["loss"]
            _check_limit(m, limit, fine)
            return OracleSeries(dict(zip(names, fine, strict=True)), dict(zip(names, agreement, strict=True)))
    raise OracleError(
        f"only {min(map(min, agreement))} digits of {digits} were reached for m = {m}, limit {limit}, order {order}: "
        "the family may be no power series in t; ask for fewer digits or a lower order"
    )


def _coefficients(m: int, limit: tuple[int, ...], step: int, count: int, order: int) -> list[list[Mpf]]:
    """The coefficients of t^0 ... t^order by interpolation at t = j 10^-step: a list for each entry and the loss."""
    scale = mpmath.mpf(10) ** step
    return [
        [c * scale**i for i, c in enumerate(interpolate(values)[: order + 1])]
        for values in _solved_points(m, limit, step, count)
    ]


def _agreeing_digits(x: Mpf, y: Mpf) -> int:
    """The digits to which x and y agree: decimals below 1, significant digits above, one held back."""
    error = abs(x - y) / max(1, abs(y))
    return int(mpmath.floor(-mpmath.log10(error + mpmath.eps))) - 1


def _check_limit(m: int, limit: tuple[int, ...], found: list[list[Mpf]]) -> None:
    """Refuse a family whose entries do not tend to the limit asked for."""
    wanted = leading_entries(m, limit, mpmath.mpf(0))
    constants = [values[0] for values in found[:-1]]
    if any(abs(x - y) > mpmath.mpf("1e-9") for x, y in zip(constants, wanted, strict=True)):
        raise OracleError(f"Newton's method left the family m = {m}, limit {limit}: it found another limit")
