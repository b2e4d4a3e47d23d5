# %% [markdown]
# # The isotypic decomposition
#
# The Hessian at a symmetric point commutes with the isotropy group. The irreducible representations that occur in the
# space of matrices therefore tell in how many different eigenvalues it has at most, and with which multiplicities,
# before anything is computed. For $\Delta S_d$ we prove the decomposition by characters, for all $d\ge4$ at once; for
# the other isotropy types we count, and check the dimensions and the representatives that the library works with.

# %%
import itertools
from collections import Counter

import numpy as np
import sympy
from sympy.functions.combinatorial.numbers import stirling

from symrelu import FixedSpace, Isotropy
from symrelu.model.expression import D as d
from symrelu.spectrum.blocks import gram_matrix
from symrelu.symmetry.isotypic import Component, components, copies

# %% [markdown]
# ## 1. The permutation representation and its square
#
# Permutations of rows and columns alike, $W\mapsto P_\pi WP_\pi^\top$, leave the loss unchanged, and they leave the
# points of our family where they are. So they commute with the Hessian there. As a representation of $S_d$ the matrices
# are $M(d,d)=\mathbb R^d\otimes\mathbb R^d$, and $\mathbb R^d=\mathfrak t+\mathfrak s$: the constant vectors
# $\mathfrak t$ and the vectors of sum zero $\mathfrak s$. We claim
#
# $$\mathfrak s\otimes\mathfrak s=\mathfrak t+\mathfrak s+\mathfrak x+\mathfrak y,$$
#
# four different irreducible representations for $d\ge4$, with $\mathfrak x=\Lambda^2\mathfrak s$ and $\mathfrak y$ the
# rest of the symmetric square (partitions $(d-2,1,1)$ and $(d-2,2)$).
#
# Let $f_1$ and $f_2$ be the numbers of fixed points and of 2-cycles of a permutation $\pi$. The character of
# $\mathbb R^d$ is $f_1$, and $\pi^2$ has $f_1+2f_2$ fixed points. The characters of an exterior and a symmetric square
# are $\frac12(\chi(\pi)^2\mp\chi(\pi^2))$, therefore
#
# $$\chi_{\mathfrak t}=1,\quad\chi_{\mathfrak s}=f_1-1,\quad
# \chi_{\mathfrak x}=\tfrac12(f_1-1)(f_1-2)-f_2,\quad\chi_{\mathfrak y}=\tfrac12f_1(f_1-3)+f_2.$$

# %%
f1, f2 = sympy.symbols("f_1 f_2")
chi = {
    "t": sympy.Integer(1),
    "s": f1 - 1,
    "x": (f1 - 1) * (f1 - 2) / 2 - f2,
    "y": f1 * (f1 - 3) / 2 + f2,
}
of_the_square = f1 + 2 * f2 - 1  # the character of s at the square of a permutation
assert sympy.expand(chi["x"] - (chi["s"] ** 2 - of_the_square) / 2) == 0
assert sympy.expand(chi["t"] + chi["s"] + chi["y"] - (chi["s"] ** 2 + of_the_square) / 2) == 0
assert sympy.expand(sum(chi.values()) - chi["s"] ** 2) == 0

# %% [markdown]
# Irreducible and different means: $\langle\chi,\chi'\rangle=1$ for a character with itself and $0$ with another one,
# where $\langle\cdot,\cdot\rangle$ is the mean over $S_d$ of the product. For falling powers
# $(f)_a=f(f-1)\cdots(f-a+1)$ this mean is easy. $(f_1)_a(f_2)_b$ counts the ordered choices of $a$ fixed points and $b$
# 2-cycles of $\pi$. There are $d!/\bigl((d-a-2b)!\,2^b\bigr)$ such choices in all, and each occurs in $(d-a-2b)!$
# permutations, so
#
# $$\operatorname{mean}\,(f_1)_a(f_2)_b=2^{-b}\qquad\text{as soon as }d\ge a+2b.$$
#
# Products of two of our characters have $a+2b\le4$. So one calculation, with Stirling numbers, is valid for every
# $d\ge4$; we also count in $S_4$ and $S_6$.


# %%
def mean(character):
    """The mean over S_d of a polynomial in f_1, f_2, for d at least its weight (f_1 has weight 1, f_2 weight 2)."""
    total = sympy.Integer(0)
    for (i, j), coefficient in sympy.Poly(character, f1, f2).terms():
        falling = ((a, b) for a in range(i + 1) for b in range(j + 1))
        total += coefficient * sum(stirling(i, a) * stirling(j, b) / sympy.Integer(2) ** b for a, b in falling)
    return total


def cycles(permutation):
    """(f_1, f_2) of a permutation."""
    fixed = sum(image == i for i, image in enumerate(permutation))
    return fixed, sum(permutation[image] == i for i, image in enumerate(permutation) if image > i)


def mean_by_counting(character, n):
    """The same over all permutations of n letters, one by one."""
    classes = Counter(cycles(permutation) for permutation in itertools.permutations(range(n)))
    return sum(m * character.subs({f1: a, f2: b}) for (a, b), m in classes.items()) / sympy.factorial(n)


for one, other in itertools.product(chi, repeat=2):
    assert mean(chi[one] * chi[other]) == (one == other)
    assert all(mean_by_counting(sympy.expand(chi[one] * chi[other]), n) == (one == other) for n in (4, 6))

# %% [markdown]
# ## 2. Copies and dimensions
#
# The second layer is one more $\mathbb R^d$. How often does each irreducible occur in $M(d,d)+\mathbb R^d$, whose
# character is $f_1^2+f_1$? The mean of the product with its character tells:
#
# $$M(d,d)=2\,\mathfrak t+3\,\mathfrak s+\mathfrak x+\mathfrak y,\qquad
# M(d,d)+\mathbb R^d=3\,\mathfrak t+4\,\mathfrak s+\mathfrak x+\mathfrak y.$$
#
# The dimensions are the characters at the identity, $f_1=d$, $f_2=0$:
# $1,\ d-1,\ \frac{(d-1)(d-2)}2,\ \frac{d(d-3)}2$. Each eigenvalue of a component occurs with this multiplicity, and
# there are as many eigenvalues as copies: $3+4+1+1=9$. The library counts the same.

# %%
dimension = {name: sympy.factor(character.subs({f1: d, f2: 0})) for name, character in chi.items()}
copies_in_M = {name: mean(f1**2 * character) for name, character in chi.items()}
copies_in_all = {name: mean((f1**2 + f1) * character) for name, character in chi.items()}
assert copies_in_M == {"t": 2, "s": 3, "x": 1, "y": 1}
assert copies_in_all == {"t": 3, "s": 4, "x": 1, "y": 1}
assert sympy.expand(sum(copies_in_all[x] * dimension[x] for x in chi) - d * (d + 1)) == 0

group = Isotropy.diagonal("d")
assert [c.kind for c in components(group)] == list(chi)
for component in components(group):
    assert len(copies(group, component, second_layer=True)) == copies_in_all[component.kind]
    of_library = component.dimension(group).sympy().subs(sympy.Symbol("d"), d)
    assert sympy.expand(of_library - dimension[component.kind]) == 0

# %% [markdown]
# ## 3. Every isotropy type
#
# Now let $G=S_{n_1}\times\dots\times S_{n_r}$ act on row orbits and column orbits. A pair (row orbit, column orbit) of
# the blocks $i,j$ is $\mathbb R^{n_i}\otimes\mathbb R^{n_j}=(\mathfrak t+\mathfrak s_i)(\mathfrak t+\mathfrak s_j)$,
# and for $i=j$ the square of step 1. Fixed rows and columns contribute $\mathfrak t$. For
# $\Delta(S_{n_1}\times\dots\times S_{n_r})$ on $M(d,d)$, and with the second layer:
#
# | component | copies in $M(d,d)$ | with the second layer | dimension |
# |---|---|---|---|
# | $\mathfrak t$ | $r^2+r$ | $+r$ | $1$ |
# | $\mathfrak s_i$ | $2r+1$ | $+1$ | $n_i-1$ |
# | $\mathfrak s_i\otimes\mathfrak s_j$ | $2$ | | $(n_i-1)(n_j-1)$ |
# | $\mathfrak x_i$ | $1$ | | $\frac12(n_i-1)(n_i-2)$ |
# | $\mathfrak y_i$ | $1$ | | $\frac12n_i(n_i-3)$ |
#
# A block of size $1$, $2$ or $3$ lacks some of these. The library's count, for blocks without such sizes:

# %%
for blocks in ("d", "d-4,4", "d-9,5,4"):
    isotropy = Isotropy.diagonal(blocks)
    r = len(isotropy.blocks)
    expected = {"t": (r * r + r, r), "s": (2 * r + 1, 1), "ss": (2, 0), "x": (1, 0), "y": (1, 0)}
    for component in components(isotropy):
        first, second = expected[component.kind]
        assert len(copies(isotropy, component, second_layer=False)) == first
        assert len(copies(isotropy, component)) == first + second
    assert len(components(isotropy)) == 1 + 3 * r + r * (r - 1) // 2

# %% [markdown]
# Dimensions add up, for every $d$: $\sum\text{copies}\times\text{dimension}=k(d+1)$ is the order of the Hessian. Here
# for the types of Theorem 1, with their small blocks, and for others: more neurons than needed, $k=d+1$, and fewer.

# %%
types = [("d-1,1", None, None), ("d-2,2", None, None), ("d-3,3", None, None), ("d/2,d/2", None, None)]
types += [("d-2,2", "1,2,*", None), ("d-1", "1", "1,*"), ("d-5,3,2", "1,2,2,3", "1,2,3")]
for blocks, rows, cols in types:
    isotropy = Isotropy.parse(blocks, rows, cols)
    total = sum(len(copies(isotropy, c)) * c.dimension(isotropy).sympy(d) for c in components(isotropy))
    k = isotropy.k.sympy(d)
    assert sympy.expand(total - k * (d + 1)) == 0, isotropy.label()
    print(f"{isotropy.label():45}", ", ".join(f"{len(copies(isotropy, c))} {c.name}" for c in components(isotropy)))

# %% [markdown]
# ## 4. Representatives on a smaller group
#
# A copy is known by the image of one vector. The library takes vectors that split few single indices off a block: two
# for $e_1-e_2$ in $\mathfrak s$, three for the cyclic antisymmetric matrix in $\mathfrak x$, four for
# $(e_1-e_2)(e_3-e_4)^\top$ symmetrised in $\mathfrak y$. They are fixed by the group with the rest of the block, so
# they live in the fixed space of a *refined* type, where the [orbit rules](03_orbit_rules.py) hold for real $d$. At an
# integer size they are matrices of integers. Representatives of different components are orthogonal, and those of one
# component are independent: the Gram matrices are the library's.


# %%
def matrix_of(refinement, representative, size):
    """A representative as an integer matrix with the second layer as a last column."""
    space = FixedSpace(refinement.isotropy)
    values = []
    for coordinate in space.coordinates:
        c, delta = representative.rows.get(coordinate.row, [(0, None)] * len(refinement.cols))[coordinate.col]
        values.append(c + (delta or 0) * (coordinate.kind == "own"))
    sizes = [refinement.isotropy.orbit_size(o).at(size) for o in refinement.isotropy.rows]
    second = np.repeat([representative.second.get(i, 0) for i in range(len(sizes))], [int(n) for n in sizes])
    return np.column_stack([space.matrix(values, size), second])


isotropy, size = Isotropy.parse("d-4,4", rows="1,2,*"), 9
vectors = {}
for component in components(isotropy):
    found = copies(isotropy, component)
    vectors[component.name] = np.array([matrix_of(found.refinement, r, size).ravel() for r in found.representatives])
    gram = np.array([[int(x) for x in row] for row in gram_matrix(found, size)])
    # the order of the rows of a refined type differs from component to component, the inner products do not
    assert (vectors[component.name] @ vectors[component.name].T == gram).all()
    assert np.linalg.matrix_rank(gram) == len(found)
print({name: found.shape[0] for name, found in vectors.items()})

# %% [markdown]
# ## 5. Small blocks
#
# For $n=1,2,3$ some dimensions are $0$ or, for $\mathfrak y$ at $n=1,2$, formally $-1$: there it cancels a copy that
# coincides with another one. So a type with a block of constant size $2$ has one copy of $\mathfrak s$ less, and one of
# size $1$ none. The sums of step 3 have checked that nothing is lost. When $d$ runs through small real numbers along a
# family, components appear and disappear with the sizes of blocks; below $n=2$ the spectrum has no meaning.

# %%
kinds = {n: [c.name for c in components(Isotropy.diagonal(f"d-{n},{n}")) if "2" in c.name] for n in (1, 2, 3, 4)}
assert kinds[1] == [] and kinds[2] == ["s2", "s1*s2"]
assert kinds[3] == ["s2", "x2", "s1*s2"] and kinds[4] == ["s2", "x2", "y2", "s1*s2"]
lengths = {n: len(copies(Isotropy.diagonal(f"d-{n},{n}"), Component("s", (1,)))) for n in (2, 3, 4)}
assert lengths == {2: 5, 3: 6, 4: 6}
y = Component("y", (0,)).dimension(Isotropy.diagonal("d"))
assert [y.formal(n) for n in (1, 2, 3, 4)] == [-1, -1, 0, 2] and [y.at(n) for n in (1, 2, 3, 4)] == [0, 0, 0, 2]
