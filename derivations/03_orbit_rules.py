# %% [markdown]
# # Orbit rules: a real number of rows
#
# A family of critical points has one matrix for every $d$, of growing size. All of them are described by a few
# numbers, one for each orbit of entries, and every sum over rows becomes a rational function of the numbers $n$ of
# rows in the orbits. That is what makes $d$ a real number. We state the rules, check them against matrices of integer
# size, exactly, and read off the loss and the gradient.
#
# The group is $G=S_{n_1}\times\dots\times S_{n_r}$. Its factors permute *row orbits* and *column orbits*; other rows
# and columns are fixed. As an example we take $G=\Delta(S_{d-2}\times S_2)$ with one more row that is fixed: three row
# orbits, two column orbits, $k=d+1$.

# %%
import builtins
import random
from fractions import Fraction

import numpy as np
import sympy

from symrelu import FixedSpace, Isotropy
from symrelu.exact.arithmetic import FLOAT, SYMBOLIC
from symrelu.model.dense import DenseLoss
from symrelu.model.expression import D as d
from symrelu.model.expression import coordinates
from symrelu.model.reduced import Problem
from symrelu.model.rows import Geometry, Relation, student_rows

space = FixedSpace(Isotropy.parse("d-2,2", rows="1,2,*", cols="1,2"))
problem = Problem(space)


def show(label, value):
    """Display a formula in a notebook, or print it in a terminal."""
    if hasattr(builtins, "__IPYTHON__"):
        from IPython.display import Math, display

        display(Math(rf"{label} = {sympy.latex(value)}"))
    else:
        print(f"{label} = {value}")


# %% [markdown]
# ## 1. Coordinates
#
# For a row orbit and a column orbit *of the same block* of size $n\ge2$ the matrix has two different entries, one for
# the own column of a row and one for the others; for any other pair of orbits it has one. Row-major, they are
# $a_1,a_2,\dots$, the numbering of Theorem 1. At $d=5$ the example is the following matrix.

# %%
a = coordinates(problem)
show("W", sympy.Matrix(space.matrix(a, 5)))
assert space.dim == 3 + 3 + 2
assert [(c.row, c.col, c.kind) for c in space.coordinates][:3] == [(0, 0, "own"), (0, 0, "other"), (0, 1, "all")]
entries = [space.entry_count(c, d) for c in space.coordinates]
assert sympy.expand(sum(entries) - d * (d + 1)) == 0  # k d entries in all

# %% [markdown]
# ## 2. Inner products
#
# Write a row, restricted to a column orbit $B$, as $c_B\mathbf 1+\delta_Be_{\text{own}}$, with $\delta_B=0$ unless $B$
# belongs to the row's block. With $n_B$ columns in $B$
#
# $$\langle u,v\rangle=\sum_Bn_B\,c_B(u)c_B(v)+c_B(u)\delta_B(v)+\delta_B(u)c_B(v)
# +[\text{same index}]\;\delta_B(u)\delta_B(v).$$
#
# Proof: the four products of $(c\mathbf 1+\delta e_i)$ and $(c'\mathbf 1+\delta'e_j)$; $\langle\mathbf 1,\mathbf
# 1\rangle=n_B$, $\langle\mathbf 1,e_j\rangle=1$, $\langle e_i,e_j\rangle=[i=j]$. The two rows of one orbit (or of two
# orbits of the same block) have the same index or different ones, rows of other orbits are unrelated; so each pair of
# orbits has at most two inner products.

# %%
geometry = Geometry(space.isotropy, d)
rows = student_rows(space, a)
gram = {}
for i, first in enumerate(rows.orbits):
    for j, second in enumerate(rows.orbits):
        for relation, _ in geometry.relations(first, second):
            gram[i, j, relation] = sympy.expand(geometry.inner(rows.cells[i], rows.cells[j], relation))
same, distinct = Relation.SAME, Relation.DISTINCT
show(r"\langle w_i,w_i\rangle", gram[0, 0, same])
show(r"\langle w_i,w_j\rangle", gram[0, 0, distinct])
assert gram[0, 0, same] == sympy.expand(a[0] ** 2 + (d - 3) * a[1] ** 2 + 2 * a[2] ** 2)
assert gram[0, 0, distinct] == sympy.expand(2 * a[0] * a[1] + (d - 4) * a[1] ** 2 + 2 * a[2] ** 2)

# %% [markdown]
# Each is affine in $d$. So two integers $d$ prove it for all, if at both *every* pair of rows of the matrix has the
# inner product of its class, identically in $a_1,\dots,a_8$. We take three.


# %%
def orbit_and_index(row, size):
    """The orbit of a row of the matrix at d = size, and its index in the orbit."""
    for orbit, n in enumerate((size - 2, 2, 1)):
        if row < n:
            return orbit, row
        row -= n
    raise AssertionError


def relation_of(u, v):
    """How two rows lie, given as (orbit, index)."""
    if u[0] != v[0] or u[0] == 2:
        return Relation.UNRELATED
    return same if u[1] == v[1] else distinct


assert all(sympy.degree(x, d) <= 1 for x in gram.values())
for size in (4, 5, 7):
    W = sympy.Matrix(space.matrix(a, size))
    product = (W * W.T).expand()
    for i in range(size + 1):
        for j in range(i, size + 1):
            u, v = orbit_and_index(i, size), orbit_and_index(j, size)
            assert sympy.expand(product[i, j] - gram[u[0], v[0], relation_of(u, v)].subs(d, size)) == 0

# %% [markdown]
# ## 3. Counting pairs
#
# A row of an orbit of $n$ rows has one partner of the same index and $n-1$ of another index in its orbit, and all the
# rows of another orbit. Over all rows these are the $k^2$ pairs.

# %%
total = 0
for first in rows.orbits:
    for second in rows.orbits:
        total += geometry.sizes[first] * sum(count for _, count in geometry.relations(first, second))
assert sympy.expand(total - (d + 1) ** 2) == 0

# %% [markdown]
# ## 4. Gram determinants that do not cancel
#
# The kernel needs $g=\sqrt{pq-s^2}$. Where rows become parallel for $d\to\infty$, $pq$ and $s^2$ agree to leading
# order. Lagrange's identity has no cancellation: it is a sum of squares over pairs of *classes* of columns, with their
# sizes as weights,
#
# $$pq-s^2=\sum_{A<B}m_Am_B\,(u_Av_B-u_Bv_A)^2.$$

# %%
u, v = rows.cells[0], rows.cells[1]
classes = geometry.column_classes(u, v, Relation.UNRELATED)
assert sympy.expand(sum(m for _, _, m in classes) - d) == 0
squares = sum(m * n * (x * y2 - x2 * y) ** 2 for i, (x, y, m) in enumerate(classes) for (x2, y2, n) in classes[i + 1 :])
unrelated = gram[0, 1, Relation.UNRELATED]
assert sympy.expand(gram[0, 0, same] * gram[1, 1, same] - unrelated**2 - squares) == 0

# %% [markdown]
# ## 5. Loss and gradient
#
# So the loss restricted to $\operatorname{Fix}(G)$ is a sum over classes of pairs, weighted by their numbers, and its
# gradient adds up, for one row $w$ of each orbit, $2\hat\kappa_p\,w+\hat\kappa_s\,v$ over the classes of partners $v$.
# The partners of one class add up to a row of the same form: the sum of the other rows of the orbit, for one, has
# $c=(n-1)c+\delta$ and $\delta=-\delta$. Hence the gradient of the loss *on all matrices* lies in
# $\operatorname{Fix}(G)$. That is the principle of symmetric criticality, and why zeros of a small system are critical
# points.

# %%
others = geometry.partner_sum(rows.cells[0], distinct, geometry.sizes[rows.orbits[0]] - 1)
for size in (5, 7):
    W = sympy.Matrix(space.matrix(a, size))
    summed = sum((W.row(j) for j in range(1, size - 2)), sympy.zeros(1, size))
    (c, delta), (last, _) = others
    claimed = [c + delta, *[c] * (size - 3), last, last]
    assert all(sympy.expand(x - sympy.S(y).subs(d, size)) == 0 for x, y in zip(summed, claimed, strict=True))

# %% [markdown]
# At $d=6$ and a random rational point: the loss and the gradient by orbit rules, against double sums over all $7+6$
# rows in floating point. An entry of the full gradient is the reduced derivative over the number of such entries.

# %%
random.seed(1)
at = [Fraction(random.randint(-9, 9), 10) for _ in a]
W = space.matrix([float(x) for x in at], 6)
point = problem.at(FLOAT, [float(x) for x in at], 6)
dense = DenseLoss(np.eye(6))
by_W, by_alpha = dense.gradient(W)
assert abs(point.loss() - dense.loss(W)) < 1e-12
entry_gradient = np.array(point.entry_gradient()) / (2 * np.pi)  # the library leaves 1/2pi out there
assert np.allclose(space.matrix(entry_gradient, 6), by_W, atol=1e-12)
counts = [space.entry_count(c, 6) for c in space.coordinates]
assert np.allclose(point.gradient(), entry_gradient * counts, atol=1e-12)
assert np.allclose(by_alpha, np.sum(W * by_W, axis=1), atol=1e-12)  # Euler: the second layer adds nothing

# %% [markdown]
# And nothing asks for an integer: the same point at $d=6.5$, exactly, has a loss between those at $6$ and $7$ here. In
# other arithmetics the same rules give the series in $d^{-1/2}$, the balls of the proofs, and the expressions that
# `symrelu expression` prints.

# %%
exact = [sympy.Rational(x.numerator, x.denominator) for x in at]
losses = [problem.at(SYMBOLIC, exact, size).loss() for size in (6, sympy.Rational(13, 2), 7)]
low, middle, high = (sympy.N(x, 30) for x in losses)
assert low < middle < high and abs(low - point.loss()) < 1e-12
