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
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.linear import apply
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.series import monomial
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
# In the ansatz $a_i=\text{limit}+c_{i}\,t^2+\dots$, $t=d^{-1/2}$, the powers of $t$ in the reduced gradient whose
# coefficients are known whatever is left open give equations for the $c$'s. For these six limits they are linear one
# after another, as for 1b. The library solves them over $\mathbb Q(\pi)$ or, where a radicand forces it, over a square
# root of it; no decimals are involved. The coefficients of $t$ vanish, and those of $1/d$ are the paper's.

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
    values = [(x + monomial(ring, xi, v)).truncate(v + 12) for x, xi in zip(known, unknowns, strict=True)]
    gradient = problem.at(SeriesArithmetic(ring), values, monomial(ring, 1, -2)).gradient(scaled=True)
    for image, xi in zip(apply([[x.over(ring) for x in row] for row in inverse], gradient), unknowns, strict=True):
        assert image.precision > v and image.valuation >= v
        assert (image[v] - xi).is_constant
    return v


orders = {name: order_of_contraction(name) for name in ("1b", "2a")}
print(orders)

# %% [markdown]
# ## 4. All terms, proved by substitution
#
# Newton's method over the field of Laurent series doubles the number of right terms in each step. Exactness is proved
# afterwards: the residual of the gradient at the truncated series vanishes to the order that the contraction needs. For
# 2a to $t^6$: the truncated entries are put into the gradient, and nothing is left that is known.

# %%
result = families["2a"].series(6)
print(result)
point = families["2a"].problem.at(SeriesArithmetic(QPI), list(result.entries.values()), monomial(QPI, 1, -2))
assert not any(point.gradient())
print(result.proof)

# %% [markdown]
# The coefficient field of the entries is $\mathbb Q(\pi)$ for $m=1$; with a small block of size $m$ the families with
# limit $+1\,|\,-1$ need $\sqrt m$ from some order on.

# %%
assert result.smallest_field is QPI and families["3a"].series(4).smallest_field is not QPI
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
