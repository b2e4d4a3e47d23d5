# %% [markdown]
# # The series of every case of Theorem 1
#
# Theorem 1 of Y. Arjevani and M. Field (2021, arXiv:2107.10370) lists seven families: 1a, 1b, 2a, 2b, 3a, 3b and 4, of
# isotropy $\Delta S_d$, $\Delta(S_{d-1}\times S_1)$, $\Delta(S_{d-2}\times S_2)$ and $\Delta(S_{d-3}\times S_3)$. For
# 1b everything was done by hand in [the previous document](04_delta_s_d.py). The same four steps give all of them:
# leading terms from linear equations, uniqueness by a contraction, all further terms by iteration, the loss by
# substitution. Here the library carries them out and each step is checked, with the coefficients that the paper prints
# typed in below.
#
# $W$ is a block matrix: $A_n(x,y)$ has $x$ on and $y$ off the diagonal, and $m$ is the size of the small block,
#
# $$W=\begin{pmatrix}A_{d-m}(a_1,a_2)&a_3\mathcal I\\a_4\mathcal I&A_m(a_5,a_6)\end{pmatrix}.$$

# %%
import sympy

import symrelu
from symrelu.exact.arithmetic import LeadingArithmetic, SeriesArithmetic
from symrelu.exact.linear import apply
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.series.lifting import contraction

pi, d = sympy.pi, sympy.Symbol("d")
own_a = (-1, 2 + 8 / pi + 8 / pi**2)  # a_5 of the cases a and 4: limit and coefficient of 1/d
other_a = (0, 2 * (-12 * pi + 16 + pi**3 + 4 * pi**2) / (pi**2 * (2 + pi)))
own_b, other_b = (1, 8 * (pi - 1) / pi**2), (0, 4 * (6 * pi - 8 - pi**2) / (pi**2 * (2 + pi)))
rows_a, rows_b = [(1, 0), (0, 0), (0, 2), (0, 4 / pi)], [(-1, 2), (0, 2), (0, 0), (0, 2 - 4 / pi)]
entries = {
    "1b": [(-1, 2), (0, 2)],
    "2a": [*rows_a, own_a],
    "2b": [*rows_b, own_b],
    "3a": [*rows_a, own_a, other_a],
    "3b": [*rows_b, own_b, other_b],
    "4": [*rows_a, own_a, other_a],
}
small_block = {"1b": 0, "2a": 1, "2b": 1, "3a": 2, "3b": 2, "4": 3}
families = {name: symrelu.family(name) for name in ("1a", *entries)}

# %% [markdown]
# ## 1. Case 1a
#
# $W=I$ is the target itself: the loss is $0$ and the gradient vanishes for every $d$, exactly. There is no series.

# %%
identity = families["1a"].series(4)
assert [x.is_exact_zero for x in (identity.entries["a_1"] - 1, identity.entries["a_2"], identity.loss)] == [True] * 3

# %% [markdown]
# ## 2. Leading terms
#
# In the ansatz $a_i=\text{limit}+c_{i}\,t^2+\dots$, $t=d^{-1/2}$, the powers of $t$ in the gradient whose coefficients
# are known whatever is left open give equations for the $c$'s. With $\varepsilon=1$ for the limits $+\,|\,-$ (cases a
# and 4) and $\varepsilon=-1$ for $-\,|\,+$ (cases b, where 1b has no small block), the first of them are, for an entry
# of each kind and times $2\pi$,
#
# $$\begin{aligned}
# a_1&:\ \tfrac{\varepsilon-1}2\pi+c_1+\tfrac\pi2c_2+\tfrac\varepsilon2c_2^2,&
# a_2&:\ \tfrac\pi2c_2+\tfrac{\varepsilon-1}2\pi,\\
# a_3&:\ \tfrac\pi2c_3-\tfrac{\varepsilon+1}2\pi,&
# a_4&:\ \tfrac\pi2c_2+\tfrac{\varepsilon-1}2\pi,\\
# a_5&:\ \tfrac\pi2c_3-\tfrac{\varepsilon+1}2\pi-c_1-\tfrac\varepsilon2c_2^2,&
# a_6&:\ \tfrac\pi2c_3-\tfrac{\varepsilon+1}2\pi.
# \end{aligned}$$
#
# So $c_2=0$, $c_1=0$, $c_3=2$ (a, 4) and $c_2=2$, $c_1=2$, $c_3=0$ (b). That is the sum of a column again: it tends to
# $1$, the sum of a column of the target.


# %%
def gradient_at(name, coefficients):
    """The gradient by entries, times 2 pi, at a_i = limit + c_i2 t^2 + c_i3 t^3 + ...

    A list of coefficients for each i, None where it is left open. Also the ring, and the unknowns by (i, k).
    """
    start, problem = families[name].start, families[name].problem
    places = [(i, k) for i, row in enumerate(coefficients) for k, c in enumerate(row, 2) if c is None]
    ring = PolynomialRing(start.field, [f"c_{i + 1}_{k}" for i, k in places])
    unknown = {place: ring.unknown(n) for n, place in enumerate(places)}
    values = []
    for i, row in enumerate(coefficients):
        terms = [unknown[i, k] if c is None else ring(c) for k, c in enumerate(row, 2)]
        values.append(Series(ring, 0, [ring(start.entries[i][0]), ring.zero, *terms], len(terms) + 2))
    return problem.at(LeadingArithmetic(ring), values, monomial(ring, 1, -2)).entry_gradient(), ring, unknown


def first_of(name):
    """The sign of the limit of the large block, and c_1, c_2, c_3."""
    return (-1, (2, 2, 0)) if name.endswith("b") else (1, (0, 0, 2))


for name in entries:
    sign, first = first_of(name)
    gradient, ring, c = gradient_at(name, [[None]] * len(entries[name]))
    half_pi = ring.pi / 2
    c1, c2, c3 = (c.get((i, 2), ring.zero) for i in range(3))  # 1b has no a_3
    column = half_pi * c3 - half_pi * (sign + 1)
    expected = [c1 + half_pi * c2 + c2 * c2 * sign / 2 + half_pi * (sign - 1), half_pi * (c2 + sign - 1)]
    expected += [column, half_pi * (c2 + sign - 1), column - c1 - c2 * c2 * sign / 2, column]
    equations = [x[0] for x in gradient]
    assert equations == expected[: len(equations)]
    solution = {n: ring.base(v) for n, v in enumerate(first[: len(equations)])}
    assert not any(e.substitute(solution) for e in equations)

# %% [markdown]
# **The next order.** With these numbers, $c_{i}'$ for the coefficients of $t^3$ and $c_i''$ for those of $t^4$, the
# equations at $t$ make $c_1'=c_2'=c_3'=0$: no term $d^{-3/2}$ there. At $t^2$ those of $a_2$ and $a_4$ are
#
# $$\tfrac\pi2c_2''+m\,\tfrac\pi2c_4=\begin{cases}0&\text{(a, 4)}\\2+(m-1)\pi&\text{(b)}\end{cases}\qquad
# \tfrac\pi2c_2''+(m+1)\tfrac\pi2c_4=\begin{cases}2&\text{(a, 4)}\\m\pi&\text{(b)}\end{cases}$$
#
# and their difference is $\frac\pi2c_4=2$, or $\pi-2$: $c_4=\frac4\pi$ (a, 4) and $c_4=2-\frac4\pi$ (b), for every $m$.

# %%
for name, m in small_block.items():
    if not m:
        continue
    sign, first = first_of(name)
    open_rows = [[value, None, None] for value in first] + [[None, None]] * (len(entries[name]) - 3)
    gradient, ring, c = gradient_at(name, open_rows)
    half_pi = ring.pi / 2
    assert gradient[1][1] == half_pi * c[1, 3] and gradient[2][1] == half_pi * c[2, 3]
    assert gradient[0][1] == c[0, 3] + (half_pi - (1 - sign)) * c[1, 3]
    right = (0, 2) if sign == 1 else (2 + ring.pi * (m - 1), ring.pi * m)
    for row, factor, value in ((1, m, right[0]), (3, m + 1, right[1])):
        assert gradient[row][2] == half_pi * (c[1, 4] + c[3, 2] * factor) - value

# %% [markdown]
# For $a_5$ and $a_6$ it takes more orders of the other entries, and the equations go on being linear one after
# another. The library solves them over $\mathbb Q(\pi)$ or, where a radicand forces it, over a square root of it; no
# decimals are involved. The coefficients of $t$ vanish, and those of $1/d$ are the paper's.

# %%
for name, printed in entries.items():
    start = families[name].start
    assert start.exact is False and start.ramification == 2
    for entry, (limit, coefficient) in zip(start.entries, printed, strict=True):
        assert entry[0] == limit and not entry[1]
        assert sympy.simplify(start.field.sympy(entry[2]) - coefficient) == 0

# %% [markdown]
# ## 3. One family each
#
# For 1b the gradient along $a=a^0+t^v\xi$, with $a^0$ known below $t^v$ and $\xi$ arbitrary, began with an invertible
# matrix times $\xi$. With several blocks some rows of the Jacobian agree to leading order, and must be combined first:
# let $A$ be the inverse Jacobian along $a^0$, cut to a Laurent polynomial. Then, identically in $\xi$,
#
# $$A\,F(a^0+t^v\xi)=t^v(\xi-\xi^0)+t^{v+1}R(\xi,t)$$
#
# with coefficients of $R$ polynomial in $\xi$. So $\xi=\xi^0-tR(\xi,t)$ is a fixed-point equation for a contraction,
# and exactly one family begins with $a^0$. We check the identity in $K[\xi][[t]]$ with $\xi_1,\xi_2,\dots$ as
# unknowns.


# %%
def order_of_contraction(name):
    """The v of the identity, after checking it."""
    start, problem = families[name].start, families[name].problem
    v, inverse, _ = contraction(problem, start)
    ring = PolynomialRing(start.field, [f"xi_{i + 1}" for i in range(problem.dim)])
    unknowns = [ring.unknown(i) for i in range(problem.dim)]
    known = [x.truncate(v).exact().over(ring) for x in start.entries]
    values = [(x + monomial(ring, xi, v)).truncate(v + 6) for x, xi in zip(known, unknowns, strict=True)]
    gradient = problem.at(SeriesArithmetic(ring), values, monomial(ring, 1, -2)).gradient(scaled=True)
    for image, xi in zip(apply([[x.over(ring) for x in row] for row in inverse], gradient), unknowns, strict=True):
        assert image.precision > v and image.valuation >= v
        assert (image[v] - xi).is_constant
    return v


orders = {name: order_of_contraction(name) for name in entries}
print(orders)

# %% [markdown]
# ## 4. All terms, proved by substitution
#
# Newton's method over the field of Laurent series doubles the number of right terms in each step. Exactness is proved
# afterwards: the residual of the gradient at the truncated series vanishes to the order that the contraction needs. For
# every case to $t^4$: the polynomials of degree $4$ in $t$ are put into the gradient, and the residual times $A$ is
# $O(t^5)$. As $5>v$, they agree with the family below $t^5$.

# %%
for name in entries:
    result, problem = families[name].series(4), families[name].problem
    K = result.field
    _, inverse, _ = contraction(problem, families[name].start)
    values = [x.over(K).exact().truncate(12) for x in result.entries.values()]
    residual = problem.at(SeriesArithmetic(K), values, monomial(K, 1, -2)).gradient(scaled=True)
    images = apply([[x.over(K) for x in row] for row in inverse], residual)
    assert all(min(image.precision, image.valuation) >= 5 > orders[name] for image in images)
    assert any(image for image in images)  # enough is known of it to see where it begins

result = families["2a"].series(4)
print(result)

# %% [markdown]
# The coefficient field of the entries is $\mathbb Q(\pi)$ for $m=1$; with a small block of size $m$ the families with
# limit $+1\,|\,-1$ need $\sqrt m$ from some order on.

# %%
assert families["2a"].series(4).smallest_field is QPI and families["3a"].series(4).smallest_field is not QPI
assert "sqrt(2)" in str(families["3a"].series(4).entries["a_5"])

# %% [markdown]
# ## 5. Losses
#
# Substitution gives the losses, equations (4) to (9) of the paper. For the cases a and 4 they tend to $0$ like $1/d$,
# for the cases b to $\frac12-\frac1\pi$. They depend on the small block through $m$ only, to this order: each of its
# rows adds $\frac12-\frac2{\pi^2}$ (a, 4) or $-\frac12+\frac2\pi-\frac2{\pi^2}$ (b) to the coefficient of $1/d$.

# %%
for name, m in small_block.items():
    loss = families[name].series(2).loss
    each = sympy.Rational(1, 2) - 2 / pi**2
    expected = [0, 0, m * each]
    if name.endswith("b"):
        expected = [sympy.Rational(1, 2) - 1 / pi, -4 / (3 * pi)]
        expected.append(-sympy.Rational(1, 2) - 2 / pi**2 + 3 / pi + m * (2 / pi - 2 / pi**2 - sympy.Rational(1, 2)))
    assert all(sympy.simplify(loss.field.sympy(loss[n]) - c) == 0 for n, c in enumerate(expected))

# %% [markdown]
# ## 6. How many critical points
#
# The group $S_d\times S_d$ of row and column permutations acts on the critical points of the loss with target $I$. The
# orbit of one has $|S_d\times S_d|/|\text{isotropy}|$ elements: $d!$ for $\Delta S_d$ and $d!\binom dm$ for
# $\Delta(S_{d-m}\times S_m)$. The library determines the isotropy of the *solution*, which might be larger than that of
# the ansatz, from the coefficients.

# %%
for name, m in small_block.items():
    found = families[name].series(2).multiplicity.sympy()
    for size in (6, 9):
        assert found.subs(d, size) == sympy.factorial(size) * sympy.binomial(size, m)
