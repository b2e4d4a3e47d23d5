# %% [markdown]
# # Theorem 2: the Hessian spectrum along the family 1b
#
# At a minimum of the loss of a two-layer ReLU network with $d$ inputs and $d$ neurons the Hessian has $d(d+1)$
# eigenvalues, but at most eight different ones along the family of
# [equation (4)](04_delta_s_d.py): $0$ and seven more. We derive them as series in $d^{-1/2}$, and with them the
# table of Theorem 2 of Y. Arjevani and M. Field, *Analytic study of families of spurious minima in two-layer ReLU
# neural networks: a tale of symmetry II* (2021, arXiv:2107.10370):
#
# | eigenvalue, up to $O(d^{-1/2})$ | multiplicity |
# |---|---|
# | $0$ | $d$ |
# | $\frac14-\frac1{2\pi}$ | $\frac{(d-1)(d-2)}2$ |
# | $\frac12-\frac1\pi$ | $d-1$ |
# | $\frac14$ | $d-1$ |
# | $\frac14+\frac1{2\pi}$ | $\frac{d(d-3)}2$ |
# | $\frac d4+\frac12$ | $d-1$ |
# | $\frac d4+\frac{-4+\pi+\pi^2}{2\pi(-4+\pi)}$ | $1$ |
# | $\frac d\pi+\frac{-10\pi+8+\pi^2}{2\pi(-4+\pi)}$ | $1$ |
#
# We do it for case 1b, where $W=a_1I+a_2(\mathbf 1\mathbf 1^\top-I)$ with $a_1=-1+\frac2d+\dots$ and
# $a_2=\frac2d+\dots$; the paper displays one of the eigenvalues in its section 4.2, and we compare. Every formula is
# checked by the cell that follows it, exactly where no decimals are mentioned. Steps 4, 6, 7, 8, 9 and 14 also check
# against Hessians of integer size, computed in floating point from the definition and without any symmetry. What no
# computation can check, like the lemma of Schur, is argued in words.
#
# 1. [The permutation representation and its square](#1.-The-permutation-representation-and-its-square)
# 2. [Copies and dimensions](#2.-Copies-and-dimensions)
# 3. [Representatives](#3.-Representatives)
# 4. [Schur: small matrices say everything](#4.-Schur:-small-matrices-say-everything)
# 5. [Second derivatives of the kernel](#5.-Second-derivatives-of-the-kernel)
# 6. [The components x and y](#6.-The-components-x-and-y)
# 7. [The paper's display](#7.-The-paper's-display)
# 8. [The components s and t](#8.-The-components-s-and-t)
# 9. [The second layer: zeros and a quotient](#9.-The-second-layer:-zeros-and-a-quotient)
# 10. [Along the family 1b](#10.-Along-the-family-1b)
# 11. [Leading matrices and the reduction](#11.-Leading-matrices-and-the-reduction)
# 12. [Theorem 2](#12.-Theorem-2)
# 13. [Where the spectra part](#13.-Where-the-spectra-part)
# 14. [Rescaling and curvature](#14.-Rescaling-and-curvature)
# 15. [A check without series](#15.-A-check-without-series)

# %%
import builtins
import itertools
from typing import Any, NamedTuple

import mpmath
import numpy as np
import sympy

import symrelu
from symrelu import FixedSpace, Isotropy
from symrelu.exact.qpi import QPI
from symrelu.exact.series import monomial
from symrelu.model.expression import D as d
from symrelu.model.expression import coordinates
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.reference.hessian import first_layer_hessian, hessian
from symrelu.spectrum.expressions import component_expressions
from symrelu.spectrum.parting import part_spectra
from symrelu.spectrum.rescaling import trace_along_rescaling
from symrelu.symmetry.isotypic import components, copies


def show(label, value):
    """Display a formula in a notebook, or print it in a terminal."""
    if hasattr(builtins, "__IPYTHON__"):
        from IPython.display import Math, display

        display(Math(rf"{label} = {sympy.latex(value)}"))
    else:
        print(f"{label} = {value}")


# %% [markdown]
# ## 1. The permutation representation and its square
#
# Permutations of rows and columns alike, $W\mapsto P_\pi WP_\pi^\top$, leave the loss unchanged, and they leave the
# points of our family where they are. So they commute with the Hessian there. As a representation of $S_d$ the matrices
# are $M(d,d)=\mathbb R^d\otimes\mathbb R^d$, and $\mathbb R^d=\mathfrak t+\mathfrak s$: the constant vectors
# $\mathfrak t$ and the vectors of sum zero $\mathfrak s$. For $d\ge4$
#
# $$\mathfrak s\otimes\mathfrak s=\mathfrak t+\mathfrak s+\mathfrak x+\mathfrak y,$$
#
# four different irreducible representations ([proved by characters](06_isotypic_decomposition.py)).
#
# ## 2. Copies and dimensions
#
# The second layer is one more $\mathbb R^d$, so that
#
# $$M(d,d)=2\,\mathfrak t+3\,\mathfrak s+\mathfrak x+\mathfrak y,\qquad
# M(d,d)+\mathbb R^d=3\,\mathfrak t+4\,\mathfrak s+\mathfrak x+\mathfrak y,$$
#
# of dimensions $1,\ d-1,\ \frac{(d-1)(d-2)}2,\ \frac{d(d-3)}2$. Each eigenvalue of a component occurs with this
# multiplicity, and there are as many eigenvalues as copies: $3+4+1+1=9$.

# %%
dimension = {"t": sympy.Integer(1), "s": d - 1, "x": (d - 1) * (d - 2) / 2, "y": d * (d - 3) / 2}
copies_in_M, copies_in_all = {"t": 2, "s": 3, "x": 1, "y": 1}, {"t": 3, "s": 4, "x": 1, "y": 1}
assert sympy.expand(sum(copies_in_all[x] * dimension[x] for x in dimension) - d * (d + 1)) == 0

group = Isotropy.diagonal("d")
assert [c.kind for c in components(group)] == list(dimension)
for component in components(group):
    assert len(copies(group, component, second_layer=True)) == copies_in_all[component.kind]
    of_library = component.dimension(group).sympy().subs(sympy.Symbol("d"), d)
    assert sympy.expand(of_library - dimension[component.kind]) == 0

# %% [markdown]
# ## 3. Representatives
#
# A copy of $\mathfrak s$ is an equivariant map from $\mathfrak s$. For a vector $u$ of sum zero, and for the second
# layer, there are four:
#
# $$u\mapsto u\mathbf 1^\top,\qquad u\mapsto\mathbf 1u^\top,\qquad u\mapsto\operatorname{Diag}(u),\qquad
# u\mapsto u\in\mathbb R^d,$$
#
# that is, rows constant, columns constant, diagonal, second layer. The copies of $\mathfrak t$ are spanned by
# $\mathbf 1\mathbf 1^\top$, $I$ and $\mathbf 1\in\mathbb R^d$. The matrices with row sums and column sums zero are
# $\mathfrak s\otimes\mathfrak s$; among them $\mathfrak x$ are the antisymmetric ones, and $\mathfrak y$ the symmetric
# ones *with diagonal zero* (the traces of the diagonal account for $\mathfrak t+\mathfrak s$). It is enough to look at
# one vector of each copy, the same vector $u$ for all copies:
#
# $$u=e_1-e_2,\qquad X=\text{cyclic antisymmetric on }1\to2\to3\to1,\qquad
# Y=(e_1-e_2)(e_3-e_4)^\top+(e_3-e_4)(e_1-e_2)^\top.$$
#
# Vectors of different irreducibles are orthogonal. Within $\mathfrak s$ the Gram matrix of the four vectors is, for
# $|u|^2=1$,
#
# $$\begin{pmatrix}M_{\mathfrak s}&0\\0&1\end{pmatrix},\qquad
# M_{\mathfrak s}=\begin{pmatrix}d&0&1\\0&d&1\\1&1&1\end{pmatrix},\quad\det M_{\mathfrak s}=d(d-2),\qquad
# \text{and in }\mathfrak t\quad M_{\mathfrak t}=d\begin{pmatrix}d&1\\1&1\end{pmatrix}.$$
#
# We check that the representatives and their images under permutations span everything, orthogonally, at $d=6$; and the
# Gram matrices against the library's for all $d$.

# %%
M_s = sympy.Matrix([[d, 0, 1], [0, d, 1], [1, 1, 1]])
M_t = d * sympy.Matrix([[d, 1], [1, 1]])
assert sympy.expand(M_s.det() - d * (d - 2)) == 0


def unit(i, n):
    """The vector e_i, counted from 1."""
    return np.eye(n, dtype=int)[i - 1]


def representatives(n):
    """For each component its representatives in M(n,n), as vectors of integers, row after row."""
    one, u = np.ones(n, dtype=int), unit(1, n) - unit(2, n)
    cyclic = sum(np.outer(unit(i, n), unit(j, n)) for i, j in ((1, 2), (2, 3), (3, 1)))
    product = np.outer(u, unit(3, n) - unit(4, n))
    found = {
        "t": [np.outer(one, one), np.eye(n, dtype=int)],
        "s": [np.outer(u, one), np.outer(one, u), np.diag(u)],
        "x": [cyclic - cyclic.T],
        "y": [product + product.T],
    }
    return {name: [matrix.ravel() for matrix in matrices] for name, matrices in found.items()}


def orbit_span(vector, n):
    """The images of a matrix under enough permutations (those of at most four letters moved) to span its orbit."""
    W, images = vector.reshape(n, n), []
    for chosen in itertools.permutations(range(n), 4):
        order = [*chosen, *(i for i in range(n) if i not in chosen)]
        images.append(W[np.ix_(order, order)].ravel())
    return np.array(images)


spans = {name: np.vstack([orbit_span(v, 6) for v in vectors]) for name, vectors in representatives(6).items()}
for name, span in spans.items():
    assert np.linalg.matrix_rank(span) == copies_in_M[name] * dimension[name].subs(d, 6)
    assert all(not (span @ spans[other].T).any() for other in dimension if other != name)
assert sum(np.linalg.matrix_rank(span) for span in spans.values()) == 36

problem = Problem(FixedSpace(group), RELU)
library = {e.component.kind: e for e in component_expressions(problem)}
assert library["s"].gram == 2 * sympy.diag(M_s, 1)  # there |u|^2 = 2
to_own_and_other = sympy.Matrix([[0, 1], [1, -1]])  # the library's I and 11' - I in our 11', I
assert sympy.simplify(library["t"].gram[:2, :2] - to_own_and_other * M_t * to_own_and_other.T) == sympy.zeros(2)

# %% [markdown]
# In section 4.2 the paper displays a vector of $\mathfrak y$, the matrix below. It is symmetric with diagonal and row
# sums zero, hence in $\mathfrak y$. In terms of our representative it is a sum of permuted copies:
#
# $$\overline{\mathfrak Y}_d=\sum_{j=4}^d\Bigl((e_1-e_j)(e_2-e_3)^\top+(e_2-e_3)(e_1-e_j)^\top\Bigr).$$


# %%
def displayed(n):
    """The matrix of section 4.2, as displayed there."""
    first = [0, n - 3, 3 - n] + [0] * (n - 3)
    second = [n - 3, 0, 0] + [-1] * (n - 3)
    third = [3 - n, 0, 0] + [1] * (n - 3)
    return np.array([first, second, third] + [[0, -1, 1] + [0] * (n - 3)] * (n - 3))


for n in range(4, 10):
    terms = [np.outer(unit(1, n) - unit(j, n), unit(2, n) - unit(3, n)) for j in range(4, n + 1)]
    assert (displayed(n) == sum(term + term.T for term in terms)).all()
    assert (displayed(n) == displayed(n).T).all() and not displayed(n).diagonal().any()
    assert not displayed(n).sum(axis=1).any()

# %% [markdown]
# ## 4. Schur: small matrices say everything
#
# Let $\phi_1,\dots,\phi_m$ be the copies of an irreducible $V$, and $H$ the Hessian at a point of the plane
# $W=a_1I+a_2(\mathbf 1\mathbf 1^\top-I)$, critical or not. The bilinear form
# $(u,v)\mapsto\langle\phi_iu,H\phi_jv\rangle$ on $V$ is invariant. Since $V$ is irreducible over $\mathbb C$ too (its
# character has $\langle\chi,\chi\rangle=1$), Schur's lemma leaves no choice:
#
# $$\langle\phi_iu,H\phi_jv\rangle=H_{ij}\langle u,v\rangle,\qquad
# \langle\phi_iu,\phi_jv\rangle=M_{ij}\langle u,v\rangle,$$
#
# and between different irreducibles both forms are $0$. So $\sum_jc_j\phi_ju$ is an eigenvector, for every $u\in V$, if
# and only if $Hc=\lambda Mc$. The eigenvalues are the roots of $\det(H-\lambda M)$, each with multiplicity $\dim V$,
# and one vector $u$ suffices to compute $H$ and $M$. The numbers of this pencil depend on $d$ only as parameters;
# nothing forces $d$ to be an integer.
#
# We try it in floating point at $d=6$ and a point that is not critical, with both layers trained: the Hessian of order
# $42$ has the eigenvalues of four pencils, of order $3,4,1,1$.


# %%
def plane_matrix(a1, a2, n):
    """a_1 on the diagonal, a_2 off it."""
    return np.full((n, n), float(a2)) + (float(a1) - float(a2)) * np.eye(n)


def with_second_layer(n):
    """The representatives in M(n,n) + R^n, as vectors of length n (n + 1)."""
    found = {x: [np.append(v, np.zeros(n)) for v in vectors] for x, vectors in representatives(n).items()}
    found["t"].append(np.append(np.zeros(n * n), np.ones(n)))
    found["s"].append(np.append(np.zeros(n * n), unit(1, n) - unit(2, n)))
    return found


somewhere = dict(zip(coordinates(problem), (-sympy.Rational(2, 3), sympy.Rational(1, 4)), strict=True))
W6 = plane_matrix(*somewhere.values(), 6)
full = hessian(W6, np.ones(6), np.eye(6), np.ones(6))
from_pencils = []
bases = {name: np.array(vectors).T for name, vectors in with_second_layer(6).items()}
for name, basis in bases.items():
    pencil = np.linalg.solve(basis.T @ basis, basis.T @ full @ basis)
    from_pencils += list(np.linalg.eigvals(pencil).real) * int(dimension[name].subs(d, 6))
    assert all(np.allclose(basis.T @ full @ bases[other], 0, atol=1e-13) for other in dimension if other != name)
assert np.allclose(sorted(from_pencils), np.linalg.eigvalsh(full), atol=1e-12)

# %% [markdown]
# ## 5. Second derivatives of the kernel
#
# [The first document](01_kernel.py) derives them. With $g=\sqrt{pq-s^2}$, $\psi=\pi-\theta$ and $z=v-\frac spw$, the
# part of $v$ orthogonal to $w$,
#
# $$\frac{\partial^2\hat\kappa}{\partial w\,\partial w}=\frac gp\Bigl(I-\frac{ww^\top}p\Bigr)+\frac{zz^\top}g,\qquad
# \frac{\partial^2\hat\kappa}{\partial w\,\partial v}=\psi I+\frac1g\Bigl(wv^\top+vw^\top-\frac spww^\top
# -\frac sqvv^\top\Bigr).$$
#
# The first matrix is positive semidefinite, with trace $d\,\frac gp$. A row with itself adds
# $\frac12\hat\kappa(w,w)=\frac\pi2|w|^2$, with second derivative $\pi I$.
#
# ## 6. The components x and y
#
# At a point of the plane, write $\delta=a_1-a_2$, so that $w_i=a_2\mathbf 1+\delta e_i$. As for equation (4)
# $p=a_1^2+(d-1)a_2^2$ is the squared norm of a row, $s=2a_1a_2+(d-2)a_2^2$ the inner product of two of them, and
#
# $$g_\alpha=\sqrt{p^2-s^2}\ \ (w_i,w_j),\qquad g_\beta=\sqrt{p-a_1^2}\ \ (w_i,e_i),\qquad
# g_{\beta'}=\sqrt{p-a_2^2}\ \ (w_i,e_j)$$
#
# are the Gram roots; $\psi=\pi-\alpha$ belongs to $(w_i,w_j)$. Let a direction $Y$ have the rows $y_i$. A pair of rows
# counts twice in the first sum of $\mathcal L$, so the Hessian form of the first layer is
#
# $$2\pi\,\mathcal L''(Y,Y)=\sum_i\pi|y_i|^2+\sum_{i\ne j}A(w_i,w_j)[y_i,y_i]-\sum_{i,j}A(w_i,e_j)[y_i,y_i]
# +\sum_{i\ne j}B(w_i,w_j)[y_i,y_j]$$
#
# with $A$ and $B$ the two matrices of step 5. The parts $\frac gpI$ of all the $A$ and the $\pi$ make up
#
# $$\Lambda|Y|^2,\qquad\Lambda=\pi+(d-1)\frac{g_\alpha-g_{\beta'}}p-\frac{g_\beta}p,$$
#
# the number that multiplied $w$ in the gradient. Now let $Y$ lie in $\mathfrak x$ or $\mathfrak y$: row sums and
# diagonal are zero, and $Y^\top=\varepsilon Y$ with $\varepsilon=-1$ for $\mathfrak x$ and $+1$ for $\mathfrak y$. Then
#
# $$\langle w_i,y_i\rangle=0,\qquad\langle w_j,y_i\rangle=\delta y_{ij},\qquad\langle e_j,y_i\rangle=y_{ij},$$
# $$\sum_{i\ne j}\langle y_i,y_j\rangle=\Bigl|\sum_iy_i\Bigr|^2-|Y|^2=-|Y|^2,\qquad
# \sum_{i\ne j}y_{ij}y_{ji}=\varepsilon|Y|^2.$$

# %%
a1, a2 = coordinates(problem)
delta = a1 - a2
for name, sign in (("x", -1), ("y", 1)):
    Y = sympy.Matrix(6, 6, [int(x) for x in representatives(6)[name][0]])
    W = sympy.Matrix(6, 6, lambda i, j: a1 if i == j else a2)
    size = sum(x * x for x in Y)
    assert Y.T == sign * Y
    assert (W * Y.T - sign * delta * Y).expand() == sympy.zeros(6)  # <w_j, y_i> = delta y_ij, with y_ii = 0
    rows = [Y.row(i) for i in range(6)]
    assert sum(rows[i].dot(rows[j]) for i in range(6) for j in range(6) if i != j) == -size
    assert sum(Y[i, j] * Y[j, i] for i in range(6) for j in range(6)) == sign * size

# %% [markdown]
# So each part of the form is a multiple of $|Y|^2$:
#
# | part | what is left of it | multiple of $\lvert Y\rvert^2$ |
# |---|---|---|
# | $\pi I$ and all $\frac gpI$ | | $\Lambda$ |
# | $\frac g{p^2}ww^\top$ | $\langle w_i,y_i\rangle=0$ | $0$ |
# | $\frac1gzz^\top$ at $(w_i,w_j)$ | $\frac1{g_\alpha}\delta^2y_{ij}^2$ | $\delta^2/g_\alpha$ |
# | $\frac1gzz^\top$ at $(w_i,e_j)$, subtracted | $\frac1{g_{\beta'}}y_{ij}^2$; at $j=i$ nothing | $-1/g_{\beta'}$ |
# | $\psi I$ in $B$ | $\psi\langle y_i,y_j\rangle$ | $-\psi$ |
# | $\frac1g(\dots)$ in $B$ | $\frac1{g_\alpha}\delta^2y_{ij}y_{ji}$ | $\varepsilon\delta^2/g_\alpha$ |
#
# The sum is the eigenvalue, for any $a_1$, $a_2$ and $d$:
#
# $$2\pi\lambda_{\mathfrak x}=\Lambda-\psi-\frac1{g_{\beta'}},\qquad
# 2\pi\lambda_{\mathfrak y}=\Lambda-\psi-\frac1{g_{\beta'}}+\frac{2\delta^2}{g_\alpha}.$$
#
# We write this, and everything that follows, as functions of a *point*, whose numbers may be symbols, series or
# decimals.


# %%
class Point(NamedTuple):
    """A point of the plane: coordinates, dimension, Gram entries and roots, and psi of two rows, in any numbers."""

    a1: Any
    a2: Any
    d: Any
    pi: Any
    p: Any
    s: Any
    g_a: Any
    g_b: Any
    g_c: Any
    psi: Any

    @property
    def along(self):
        """Lambda, the coefficient of the identity."""
        return self.pi + (self.d - 1) * (self.g_a - self.g_c) / self.p - self.g_b / self.p

    def bulk(self, sign):
        """2 pi lambda on x (sign -1) and y (sign 1)."""
        square = (self.a1 - self.a2) * (self.a1 - self.a2) / self.g_a
        return self.along + square - 1 / self.g_c - self.psi + sign * square


nu, alpha, beta, beta_other = sympy.symbols("nu alpha beta betaprime", positive=True)
sin, cos, pi = sympy.sin, sympy.cos, sympy.pi
inner, norm_squared = 2 * a1 * a2 + (d - 2) * a2**2, a1**2 + (d - 1) * a2**2
in_angles = Point(a1, a2, d, pi, nu**2, inner, nu**2 * sin(alpha), nu * sin(beta), nu * sin(beta_other), pi - alpha)
short = {"nu_1": nu, "alpha_1_1o": alpha, "beta_1_1": beta, "beta_1_1o": beta_other}
names = {symbol: short[str(symbol)] for symbol in library["t"].definitions}

lambda_x, lambda_y = (sympy.expand(in_angles.bulk(sign) / (2 * pi)) for sign in (-1, 1))
assert lambda_y - lambda_x == sympy.expand((a1 - a2) ** 2 / (pi * nu**2 * sin(alpha)))
show(r"\lambda_x", lambda_x)
show(r"\lambda_y", lambda_y)

# %% [markdown]
# The library has the same eigenvalues, for *all* $a_1,a_2,d$. To compare expressions we eliminate $d$ by
# $\nu^2=a_1^2+(d-1)a_2^2$ and the cosines by $\cos\alpha=s/\nu^2$, $\cos\beta=a_1/\nu$, $\cos\beta'=a_2/\nu$, and
# reduce the squares of the sines. What is left is a rational function, which is $0$ or not.

# %%
SINES = sympy.symbols("S_alpha S_beta S_betaprime")
FIELD = sympy.QQ.frac_field(a1, a2, nu, pi, alpha, *SINES)


def vanishes(expression):
    """Whether an expression in a_1, a_2, d, nu, alpha and sines and cosines is 0, all relations among them used."""
    cosines = (inner / nu**2, a1 / nu, a2 / nu)
    no_d = {d: 1 + (nu**2 - a1**2) / a2**2}
    expression = expression.xreplace({cos(x): c for x, c in zip((alpha, beta, beta_other), cosines, strict=True)})
    expression = expression.xreplace({sin(x): y for x, y in zip((alpha, beta, beta_other), SINES, strict=True)})
    squares = [FIELD.from_sympy((1 - c**2).xreplace(no_d)) for c in cosines]
    total = {}
    for (*powers, i, j, k), coefficient in FIELD.from_sympy(expression.xreplace(no_d)).numer.terms():
        even = squares[0] ** (i // 2) * squares[1] ** (j // 2) * squares[2] ** (k // 2)
        term = coefficient * even * sympy.prod(x**n for x, n in zip(FIELD.gens, powers, strict=False))
        total[i % 2, j % 2, k % 2] = total.get((i % 2, j % 2, k % 2), FIELD.zero) + term
    return not any(total.values())


assert vanishes(library["x"].eigenvalues[0].xreplace(names) - lambda_x)
assert vanishes(library["y"].eigenvalues[0].xreplace(names) - lambda_y)
assert not vanishes(lambda_y - lambda_x) and not vanishes(sin(alpha) ** 2)

# %% [markdown]
# At $W=I$, the global minimum 1a, we have $g_\alpha=g_{\beta'}=1$, $g_\beta=0$ and $\psi=\frac\pi2$. There
# $\lambda_{\mathfrak x}=\frac14-\frac1{2\pi}$ and $\lambda_{\mathfrak y}=\frac14+\frac1{2\pi}$ exactly, for every $d$:
# two lines of the table. And at the point of step 4, which is not critical, they are eigenvalues of the Hessian of
# order $36$.

# %%
identity = Point(sympy.Integer(1), sympy.Integer(0), d, pi, 1, 0, sympy.Integer(1), 0, sympy.Integer(1), pi / 2)
assert sympy.expand(identity.bulk(-1) / (2 * pi)) == sympy.Rational(1, 4) - 1 / (2 * pi)
assert sympy.expand(identity.bulk(1) / (2 * pi)) == sympy.Rational(1, 4) + 1 / (2 * pi)

definitions = {
    nu: sympy.sqrt(norm_squared),
    alpha: sympy.acos(inner / norm_squared),
    beta: sympy.acos(a1 / sympy.sqrt(norm_squared)),
    beta_other: sympy.acos(a2 / sympy.sqrt(norm_squared)),
}
H6 = first_layer_hessian(W6, np.ones(6), np.eye(6), np.ones(6))


def at_six(expression):
    """The value at the point of step 4, as a float."""
    return float(expression.xreplace(definitions).subs(somewhere | {d: 6}))


for name, value in (("x", lambda_x), ("y", lambda_y)):
    direction = representatives(6)[name][0]
    assert np.allclose(H6 @ direction, at_six(value) * direction, atol=1e-13)

# %% [markdown]
# ## 7. The paper's display
#
# Section 4.2 says that the eigenvalue of $\overline{\mathfrak Y}_d$ is
# $(\nabla^2f\,\overline{\mathfrak Y}_d)_2/(d-3)$, and displays it as a sum of eleven terms. It writes $\nu_{(1)}$ for
# the norm, $\nu_{(1)}^{(2)}=\sin\alpha$ for the sine of the angle of two rows of $W$ and $\mu_{(1)}^{(2)}=\sin\beta'$
# for that of a row of $W$ and another row's target. (It says $\sin\arccos$ of the angle; the sine of the angle is
# meant, or $\sin\arccos$ of its cosine. And it speaks of $\nabla^2f(I_d)$; the formula is for every point of the
# plane.) The first ten terms are
#
# $$\frac{(a_1-a_2)^2}{2\pi\nu_{(1)}^2}\Bigl(\frac1{\nu_{(1)}^{(2)}}+\frac{\sin\alpha}{(\nu_{(1)}^{(2)})^2}\Bigr)
# +\frac\alpha{2\pi}+\frac{(d-1)\sin\alpha}{2\pi}-\frac{(d-1)\sin\beta'}{2\pi\nu_{(1)}}
# -\frac{\sin\beta}{2\pi\nu_{(1)}}$$
#
# with the square multiplied out. They are our $\lambda_{\mathfrak y}$ but for $-\frac1{2\pi g_{\beta'}}$, which must be
# the last term:
#
# $$-\frac1{2\pi g_{\beta'}}=-\frac{\sin\beta'}{2\pi\,(\mu_{(1)}^{(2)})^2\,\nu_{(1)}}
# \qquad\text{is printed as}\qquad-\frac{\sin\beta'}{2\pi\,(\nu_{(1)}^{(2)})^{\nu_{(1)}}}.$$
#
# So in the display $\mu$ has become $\nu$ in the base, the exponent $2$ is missing, and the factor $\nu_{(1)}$ has
# slipped into its place. Reading it as a factor, $\frac{\sin\beta'}{2\pi\nu_{(1)}^{(2)}\nu_{(1)}}$, does not help.

# %%
nu_2, mu_2 = sin(alpha), sin(beta_other)
ten_terms = (
    a1**2 / (2 * pi * nu**2 * nu_2)
    + a1**2 * sin(alpha) / (2 * pi * nu**2 * nu_2**2)
    - a1 * a2 / (pi * nu**2 * nu_2)
    - a1 * a2 * sin(alpha) / (pi * nu**2 * nu_2**2)
    + a2**2 / (2 * pi * nu**2 * nu_2)
    + a2**2 * sin(alpha) / (2 * pi * nu**2 * nu_2**2)
    + alpha / (2 * pi)
    + (d - 1) * sin(alpha) / (2 * pi)
    - (d - 1) * sin(beta_other) / (2 * pi * nu)
    - sin(beta) / (2 * pi * nu)
)
as_printed = ten_terms - sin(beta_other) / (2 * pi * nu_2**nu)
as_a_factor = ten_terms - sin(beta_other) / (2 * pi * nu_2 * nu)
repaired = ten_terms - sin(beta_other) / (2 * pi * mu_2**2 * nu)

assert sympy.expand(repaired - lambda_y) == 0
wrong_by = sin(beta_other) / (2 * pi * nu_2**nu) - 1 / (2 * pi * nu * mu_2)
assert sympy.expand(lambda_y - as_printed - wrong_by) == 0

# %% [markdown]
# The Hessian of order $36$ at the point of step 4 decides between the readings. With the repaired term the displayed
# vector is an eigenvector with the displayed eigenvalue; the printed one is off in the second digit. At $W=I$ all
# readings agree, since there $\nu_{(1)}=\nu_{(1)}^{(2)}=\mu_{(1)}^{(2)}=1$.

# %%
vector = displayed(6).ravel()
quotient = (H6 @ vector)[1] / (6 - 3)
assert np.allclose(H6 @ vector, quotient * vector, atol=1e-13)
readings = {"repaired": repaired, "as printed": as_printed, "exponent as a factor": as_a_factor}
for label, expression in readings.items():
    print(f"{label:20} {at_six(expression):.12f}   the Hessian says {quotient:.12f}")
assert abs(at_six(repaired) - quotient) < 1e-13
assert min(abs(at_six(x) - quotient) for x in (as_printed, as_a_factor)) > 1e-3
at_identity = {nu: 1, alpha: pi / 2, beta: 0, beta_other: pi / 2, a1: 1, a2: 0}
assert all(x.subs(at_identity) == sympy.Rational(1, 4) + 1 / (2 * pi) for x in readings.values())

# %% [markdown]
# ## 8. The components s and t
#
# For $u\in\mathfrak s$ with $|u|=1$ take $Y=A\,u\mathbf 1^\top+B\,\mathbf 1u^\top+C\operatorname{Diag}(u)$, with rows
# $y_i=Au_i\mathbf 1+Bu+Cu_ie_i$. Let $\sigma=a_1+(d-1)a_2$ be the sum of a row of $W$, and
#
# $$m=A\sigma+B\delta+Ca_1,\qquad n=A\sigma+Ca_2.$$
#
# Then for $j\ne i$
#
# $$\langle w_i,y_i\rangle=mu_i,\quad\langle w_j,y_i\rangle=nu_i+B\delta u_j,\quad
# \langle e_i,y_i\rangle=(A+B+C)u_i,\quad\langle e_j,y_i\rangle=Au_i+Bu_j,$$
#
# and because of $\sum_{i\ne j}u_i^2=d-1$, $\sum_{i\ne j}u_iu_j=-1$ the parts of the form become, with
# $|Y|^2=d(A^2+B^2)+C^2+2(A+B)C$ and $k=n-\frac spm$:
#
# | part | its sum |
# |---|---|
# | $\pi I$ and all $\frac gpI$ | $\Lambda\lvert Y\rvert^2$ |
# | all $\frac g{p^2}ww^\top$ | $-(\Lambda-\pi)\frac{m^2}p$ |
# | $zz^\top$ at $(w_i,w_j)$ | $\frac1{g_\alpha}\bigl((d-1)(k^2+B^2\delta^2)-2B\delta k\bigr)$ |
# | $zz^\top$ at $(w_i,e_i)$, subtracted | $-\frac1{g_\beta}\bigl(A+B+C-\frac{a_1}pm\bigr)^2$ |
# | $zz^\top$ at $(w_i,e_j)$, subtracted, $l=A-\frac{a_2}pm$ | $-\frac1{g_{\beta'}}\bigl((d-1)(l^2+B^2)-2Bl\bigr)$ |
# | $\psi I$ in $B(w_i,w_j)$, with $\sum_iy_i=(dB+C)u$ | $\psi\bigl((dB+C)^2-\lvert Y\rvert^2\bigr)$ |
# | the rest of $B(w_i,w_j)$, $b=B\delta$ | $\frac1{g_\alpha}\bigl(-m^2-n^2-b^2+2(d-1)bn-2\frac spm((d-1)b-n)\bigr)$ |
#
# For $\mathfrak t$ take $Y=A\,\mathbf 1\mathbf 1^\top+C\,I$, with rows $y_i=A\mathbf 1+Ce_i$. Now $u_i=1$ in place of a
# vector of sum zero, and nothing depends on $i$ or $j$: with $m=A\sigma+Ca_1$, $n=A\sigma+Ca_2$, $k$ and $l$ as before,
# and each line divided by $d$,
#
# $$\Lambda(dA^2+2AC+C^2)-(\Lambda-\pi)\tfrac{m^2}p+\tfrac{d-1}{g_\alpha}k^2
# -\tfrac1{g_\beta}\bigl(A+C-\tfrac{a_1}pm\bigr)^2-\tfrac{d-1}{g_{\beta'}}l^2
# +(d-1)\Bigl(\psi(dA^2+2AC)+\tfrac1{g_\alpha}\bigl(m^2+n^2-2\tfrac spmn\bigr)\Bigr).$$


# %%
def form_s(point, A, B, C):
    """2 pi times the Hessian form on A u1' + B 1u' + C Diag(u), for |u| = 1."""
    a1, a2, d, pi, p, s, g_a, g_b, g_c, psi = point
    delta, sigma = a1 - a2, a1 + (d - 1) * a2
    m, n = A * sigma + B * delta + C * a1, A * sigma + C * a2
    k, l, b = n - s * m / p, A - a2 * m / p, B * delta
    size = d * (A * A + B * B) + C * C + 2 * (A + B) * C
    own = A + B + C - a1 * m / p
    students = (d - 1) * (k * k + b * b) - 2 * (b * k)
    targets = (d - 1) * (l * l + B * B) - 2 * (B * l)
    partners = (d - 1) * b * n * 2 - m * m - n * n - b * b - 2 * (s / p * m * ((d - 1) * b - n))
    diagonal = point.along * size - (point.along - pi) * (m * m) / p
    return diagonal + (students + partners) / g_a - own * own / g_b - targets / g_c + psi * ((d * B + C) ** 2 - size)


def form_t(point, A, C):
    """2 pi times the Hessian form on A 11' + C I, divided by d."""
    a1, a2, d, pi, p, s, g_a, g_b, g_c, psi = point
    sigma = a1 + (d - 1) * a2
    m, n = A * sigma + C * a1, A * sigma + C * a2
    k, l, own = n - s * m / p, A - a2 * m / p, A + C - a1 * m / p
    size = d * (A * A) + 2 * A * C + C * C
    diagonal = point.along * size - (point.along - pi) * (m * m) / p
    partners = psi * (size - C * C) + (m * m + n * n - 2 * (s / p * m * n)) / g_a
    return diagonal + (d - 1) * (k * k / g_a - l * l / g_c + partners) - own * own / g_b


def matrix_of(form, point, size):
    """The symmetric matrix of a quadratic form."""

    def value(*chosen):
        return form(point, *(chosen.count(i) for i in range(size)))

    return [[value(i) if i == j else (value(i, j) - value(i) - value(j)) / 2 for j in range(size)] for i in range(size)]


matrix_s, matrix_t = (sympy.Matrix(matrix_of(f, in_angles, n)) for f, n in ((form_s, 3), (form_t, 2)))
matrix_s, matrix_t = matrix_s / (2 * pi), matrix_t * d / (2 * pi)
assert matrix_s.is_symmetric() and matrix_t.shape == (2, 2)

# %% [markdown]
# These two matrices equal the library's for all $a_1,a_2,d$, and in floating point those of the Hessian of order $36$
# at the point of step 4.

# %%
library_s = library["s"].hessian[:3, :3].xreplace(names) / 2  # there |u|^2 = 2
library_t = library["t"].hessian[:2, :2].xreplace(names)
assert all(vanishes(x) for x in matrix_s - library_s)
assert all(vanishes(x) for x in to_own_and_other * matrix_t * to_own_and_other.T - library_t)

for matrix, name, size in ((matrix_s, "s", 2), (matrix_t, "t", 1)):
    basis = np.array(representatives(6)[name]).T
    ours = np.array([[at_six(x) for x in matrix.row(i)] for i in range(matrix.rows)])
    assert np.allclose(basis.T @ H6 @ basis / size, ours, atol=1e-12)

# %% [markdown]
# ## 9. The second layer: zeros and a quotient
#
# ReLU is positively homogeneous, so for $\alpha_i>0$ the loss depends on the products $\alpha_iw_i$ only:
# $\mathcal L(W,\alpha)=f(\alpha_1w_1,\dots,\alpha_dw_d)$ with $f(W)=\mathcal L(W,\mathbf 1)$. To second order at
# $\alpha=\mathbf 1$ a direction $(Y,\eta)$ moves the products by
#
# $$\underbrace{Y+\operatorname{Diag}(\eta)W}_{\textstyle P(Y,\eta)}+\operatorname{Diag}(\eta)Y.$$
#
# The last, quadratic part meets the gradient of $f$, which is zero at a critical point. There, if $H$ is the Hessian of
# $f$,
#
# $$\nabla^2\mathcal L=P^\top HP.$$
#
# **Zeros.** The kernel of $P$ are the $d$ directions $(w_i,-\alpha_i)$ in which a neuron is rescaled. They are
# eigenvectors with eigenvalue exactly $0$, not $O(d^{-1/2})$: one in each copy that the second layer adds, which makes
# one in $\mathfrak t$ and $d-1$ in $\mathfrak s$.
#
# **The quotient.** The other eigenvalues of $P^\top HP$ are those of $PP^\top H$ (for any two matrices $XY$ and $YX$
# have the same nonzero eigenvalues). That is a matrix on $M(d,d)$ alone, the quotient by the kernel. Write
# $R\eta=\operatorname{Diag}(\eta)W$, so that $P=(1\ \ R)$ and
#
# $$PP^\top=1+RR^\top,\qquad R^\top Y=\bigl(\langle w_i,y_i\rangle\bigr)_i.$$
#
# In a component with representatives of Gram matrix $M$ and Hessian matrix $H$, and $R$ given by a column $r$, this is
#
# $$N=(M^{-1}+rr^\top)\,H.$$
#
# (The operator of the form $H$ is $M^{-1}H$, that of $R^\top$ is $r^\top M$.) In $\mathfrak s$ the direction $\eta=u$
# gives the rows $u_iw_i=a_2u_i\mathbf 1+\delta u_ie_i$, hence $r=(a_2,0,\delta)$ in rows, columns, diagonal; in
# $\mathfrak t$ $\eta=d^{-1/2}\mathbf 1$, a unit vector, gives $r=d^{-1/2}(a_2,\delta)$; in $\mathfrak x$ and
# $\mathfrak y$ there is no second layer. As $M^{-1}+rr^\top$ is positive definite, the eigenvalues of $N$ have the
# signs of those of $H$ (Sylvester): training the second layer changes eigenvalues, but it neither makes nor removes a
# saddle.
#
# We check all this in floating point at $d=12$, at the critical point of the family 1b, which Newton's method finds
# from $E_1=E_2=0$ of [the gradient](04_delta_s_d.py).


# %%
def numeric_point(a1, a2, d):
    """A point of the plane in mpmath numbers."""
    p, s = a1**2 + (d - 1) * a2**2, 2 * a1 * a2 + (d - 2) * a2**2
    roots = [mpmath.sqrt(x) for x in (p * p - s * s, p - a1 * a1, p - a2 * a2)]
    return Point(a1, a2, d, mpmath.pi, p, s, *roots, mpmath.pi - mpmath.acos(s / p))


def critical_point(d, guess):
    """The zero of E_1, E_2 near a guess."""

    def equations(a1, a2):
        here = numeric_point(a1, a2, d)
        own, other = (mpmath.pi - mpmath.acos(x / mpmath.sqrt(here.p)) for x in (a1, a2))
        on_diagonal = here.along * a1 + here.psi * (d - 1) * a2 - own
        return on_diagonal, here.along * a2 + here.psi * (a1 + (d - 2) * a2) - other

    tolerance = mpmath.mpf(10) ** (-2 * mpmath.mp.dps + 20)
    return numeric_point(*mpmath.findroot(equations, guess, tol=tolerance), d)


def quotient_matrices(point):
    """N on s and on t, in mpmath numbers."""
    d, delta = point.d, point.a1 - point.a2
    H_s = mpmath.matrix(matrix_of(form_s, point, 3)) / (2 * mpmath.pi)
    H_t = mpmath.matrix(matrix_of(form_t, point, 2)) * d / (2 * mpmath.pi)
    r_s, r_t = mpmath.matrix([point.a2, 0, delta]), mpmath.matrix([point.a2, delta]) / mpmath.sqrt(d)
    inverse_s = mpmath.matrix([[d, 0, 1], [0, d, 1], [1, 1, 1]]) ** -1
    inverse_t = mpmath.matrix([[d, 1], [1, 1]]) ** -1 / d
    return (inverse_s + r_s * r_s.T) * H_s, (inverse_t + r_t * r_t.T) * H_t


with mpmath.workdps(30):
    at_twelve = critical_point(mpmath.mpf(12), [mpmath.mpf(-5) / 6, mpmath.mpf(1) / 6])
    N_s, N_t = quotient_matrices(at_twelve)
    expected = [0.0] * 12
    for block, count in ((N_s, 11), (N_t, 1)):
        expected += [float(mpmath.re(x)) for x in mpmath.eig(block, left=False, right=False)] * count
    for sign, count in ((-1, 55), (1, 54)):
        expected += [float(at_twelve.bulk(sign) / (2 * mpmath.pi))] * count

W12 = plane_matrix(at_twelve.a1, at_twelve.a2, 12)
full = hessian(W12, np.ones(12), np.eye(12), np.ones(12))
R = np.zeros((144, 12))
for i in range(12):
    R[12 * i : 12 * i + 12, i] = W12[i]
projection = np.hstack([np.eye(144), R])
H12 = first_layer_hessian(W12, np.ones(12), np.eye(12), np.ones(12))
assert np.allclose(full, projection.T @ H12 @ projection, atol=1e-12)
assert np.allclose(np.linalg.eigvalsh(full), sorted(expected), atol=1e-11)

# %% [markdown]
# The twelve zeros are there, and all other eigenvalues are positive at $d=12$, with one layer trained or two.

# %%
ascending = np.sort(np.linalg.eigvalsh(full))
assert np.all(np.abs(ascending[:12]) < 1e-12) and ascending[12] > 1e-2
assert np.linalg.eigvalsh(H12)[0] > 1e-2

# %% [markdown]
# ## 10. Along the family 1b
#
# Now let the point run along the family, with $t=d^{-1/2}$. The entries are series in $t$ with coefficients in
# $\mathbb Q(\pi)$, computed and proved on the way to equation (4):
#
# $$a_1=-1+2t^2+\bigl(\tfrac8\pi-4\bigr)t^4+\dots,\qquad a_2=2t^2+\bigl(\tfrac4\pi-2\bigr)t^4+\dots$$
#
# The Gram roots are taken as there, $g_\alpha=(a_2-a_1)\sqrt{p+s}$, $g_\beta=\sqrt{d-1}\,a_2$,
# $g_{\beta'}=\sqrt{p-a_2^2}$, and $\psi$ comes from its derivative, with the limit $\frac\pi2$.

# %%
t = monomial(QPI, 1, 1)
KNOWN = 10  # the entries are known below t^(KNOWN + 1)
family = symrelu.family("1b")
A1, A2 = family.series(KNOWN).entries.values()


def series_point(a1, a2):
    """A point of the plane in series near a_1 = -1, a_2 = 0."""
    d = monomial(QPI, 1, -2)
    p, s = a1 * a1 + (d - 1) * a2 * a2, 2 * a1 * a2 + (d - 2) * a2 * a2
    g_a = (a2 - a1) * (p + s).sqrt()
    g_b = (d - 1).truncate(a1.precision + 2).sqrt() * a2
    psi = ((s / p).derive() / (g_a / p)).integrate(QPI.pi / 2)
    return Point(a1, a2, d, QPI.pi, p, s, g_a, g_b, (p - a2 * a2).sqrt(), psi)


along_1b = series_point(A1, A2)
show(r"\Lambda", along_1b.along.truncate(4))
over_pi = 1 / QPI.pi
assert A1.known(0, 5) == [-1, 0, 2, 0, 8 * over_pi - 4] and A2.known(0, 5) == [0, 0, 2, 0, 4 * over_pi - 2]
assert along_1b.along.known(0, 3) == [QPI.pi, -2, 2]

# %% [markdown]
# For $\mathfrak x$ and $\mathfrak y$ only a substitution is left. With $\Lambda=\pi-2t+2t^2+\dots$,
# $\psi=\frac\pi2+O(t^4)$, $g_{\beta'}=1+O(t^4)$ and $\delta^2/g_\alpha=1+O(t^4)$
#
# $$2\pi\lambda_{\mathfrak x}=\tfrac\pi2-1-2t+2t^2+\dots,\qquad 2\pi\lambda_{\mathfrak y}=\tfrac\pi2+1-2t+2t^2+\dots$$

# %%
half, quarter = QPI(1) / 2, QPI(1) / 4
bulk = {name: along_1b.bulk(sign) / (2 * QPI.pi) for name, sign in (("x", -1), ("y", 1))}
assert bulk["x"].known(0, 3) == [quarter - over_pi / 2, -over_pi, over_pi]
assert bulk["y"].known(0, 3) == [quarter + over_pi / 2, -over_pi, over_pi]
for name, value in bulk.items():
    show(rf"\lambda_{name}", value.truncate(4))

# %% [markdown]
# What has the misprint of step 7 to do with the table? Nothing: along the family the printed last term is off by
# $-\frac2\pi t^4+O(t^5)$ only, in both readings, because $\sin\beta'=1-2t^4+\dots$ and the other sines and norms are
# closer to $1$ still. But at order $d^{-2}$ the eigenvalue would come out wrong.

# %%
norm = along_1b.p.sqrt()
sine_alpha, sine_other = along_1b.g_a / along_1b.p, along_1b.g_c / norm
assert sine_other.known(0, 5) == [1, 0, 0, 0, -2]
assert (norm - 1).valuation == 5 and (sine_alpha - 1).valuation == 8
right = 1 / (norm * sine_other)
printed = sine_other / (norm * sine_alpha.log()).exp()
as_factor = sine_other / (sine_alpha * norm)
for reading in (printed, as_factor):
    off = (reading - right) / (2 * QPI.pi)
    assert off.valuation == 4 and off.leading == -2 * over_pi

# %% [markdown]
# ## 11. Leading matrices and the reduction
#
# In $\mathfrak s$ we scale the representatives to norm $O(1)$: $t\,u\mathbf 1^\top$, $t\,\mathbf 1u^\top$,
# $\operatorname{Diag}(u)$. Then
#
# $$M=\begin{pmatrix}1&0&t\\0&1&t\\t&t&1\end{pmatrix},\qquad
# M^{-1}=\frac1{1-2t^2}\begin{pmatrix}1-t^2&t^2&-t\\t^2&1-t^2&-t\\-t&-t&1\end{pmatrix},\qquad
# r=\begin{pmatrix}a_2/t\\0\\\delta\end{pmatrix}=\begin{pmatrix}2t\\0\\-1\end{pmatrix}+O(t^3).$$
#
# In $\mathfrak t$ likewise $t^2\,\mathbf 1\mathbf 1^\top$ and $t\,I$, with
# $M=\bigl(\begin{smallmatrix}1&t\\t&1\end{smallmatrix}\bigr)$ and $r=(a_2/t,\delta)$ again. Since the
# form there is $d=t^{-2}$ times `form_t`, its matrix is that of `form_t` in $t\,\mathbf 1\mathbf 1^\top$ and $I$.


# %%
def times(A, B):
    """The product of two matrices given as lists of rows."""
    return [
        [sum((x * y for x, y in zip(row, column, strict=True)), 0 * t) for column in zip(*B, strict=True)] for row in A
    ]


def scaled(form, point, scales):
    """The matrix of the Hessian form in scaled representatives."""
    H, n = matrix_of(form, point, len(scales)), len(scales)
    return [[H[i][j] * scales[i] * scales[j] / (2 * QPI.pi) for j in range(n)] for i in range(n)]


def plus_dyad(A, r):
    """A + r r'."""
    return [[x + r[i] * r[j] for j, x in enumerate(row)] for i, row in enumerate(A)]


zero, one = 0 * t, 0 * t + 1
inverse_determinants = (1 - 2 * t * t).truncate(KNOWN + 4).inverse(), (1 - t * t).truncate(KNOWN + 4).inverse()
Gram_s, Gram_t = [[one, zero, t], [zero, one, t], [t, t, one]], [[one, t], [t, one]]
inverse_s = [[1 - t * t, t * t, -t], [t * t, 1 - t * t, -t], [-t, -t, one]]
inverse_s = [[x * inverse_determinants[0] for x in row] for row in inverse_s]
inverse_t = [[x * inverse_determinants[1] for x in row] for row in ([one, -t], [-t, one])]
for A, B in ((Gram_s, inverse_s), (Gram_t, inverse_t)):
    assert all(not (x - (i == j)) for i, row in enumerate(times(A, B)) for j, x in enumerate(row))

delta_series = A1 - A2
H_s, H_t = scaled(form_s, along_1b, [t, t, one]), scaled(form_t, along_1b, [t, one])
N_s = times(plus_dyad(inverse_s, [A2 / t, zero, delta_series]), H_s)
N_t = times(plus_dyad(inverse_t, [A2 / t, delta_series]), H_t)
assert all(not (H[i][j] - H[j][i]) for H in (H_s, H_t) for i in range(len(H)) for j in range(i))

# %% [markdown]
# The matrices begin as follows, each entry up to $O(t^2)$:
#
# $$N_{\mathfrak s}=\begin{pmatrix}\frac14-\frac2\pi t&-\frac12-\frac1{2\pi}&(\frac2\pi-1)t\\
# -\frac1{2\pi}&\frac14t^{-2}+\frac14-\frac1\pi t&\frac14t^{-1}-\frac1\pi t\\
# (\frac3{2\pi}-\frac14)t&\frac14t^{-1}+(\frac14-\frac3{2\pi})t&\frac34-\frac1\pi\end{pmatrix}$$
#
# $$N_{\mathfrak t}=\begin{pmatrix}\frac14t^{-2}+\frac34+\frac5{2\pi}-\frac2\pi t&(\frac14-\frac2\pi)t^{-1}
# +(\frac9\pi-\frac4{\pi^2})t\\
# -(\frac14+\frac1\pi)t^{-1}+(\frac14+\frac5{2\pi}-\frac4{\pi^2})t&\frac1\pi t^{-2}+\frac14-\frac3\pi\end{pmatrix}$$
#
# They are diagonal at order $t^{-2}=d$: eigenvalues $\frac14,0,0$ in $\mathfrak s$ and $\frac14,\frac1\pi$ in
# $\mathfrak t$. The large ones are $\frac d4$ with the vectors $\mathbf 1u^\top$ and $\mathbf 1\mathbf 1^\top$, in
# which all neurons move alike, and $\frac d\pi$ with $I$, half of which is due to the second layer.

# %%
o = over_pi
leading_s = [
    [[0, 0, quarter, -2 * o], [0, 0, -half - o / 2, 0], [0, 0, 0, 2 * o - 1]],
    [[0, 0, -o / 2, 0], [quarter, 0, quarter, -o], [0, quarter, 0, -o]],
    [[0, 0, 0, 3 * o / 2 - quarter], [0, quarter, 0, quarter - 3 * o / 2], [0, 0, 3 * quarter - o, 0]],
]
leading_t = [
    [[quarter, 0, 3 * quarter + 5 * o / 2, -2 * o], [0, quarter - 2 * o, 0, 9 * o - 4 * o * o]],
    [[0, -quarter - o, 0, quarter + 5 * o / 2 - 4 * o * o], [o, 0, quarter - 3 * o, 0]],
]
assert [[x.known(-2, 2) for x in row] for row in N_s] == leading_s
assert [[x.known(-2, 2) for x in row] for row in N_t] == leading_t
assert H_t[1][1].leading == o / 2 and H_t[0][0].leading == quarter  # the first layer alone

# %% [markdown]
# **By hand.** For a simple leading eigenvalue, the branch that starts at $N_{ii}$ is
# $N_{ii}+\sum_{j\ne i}\frac{N_{ij}N_{ji}}{N_{ii}-N_{jj}}+\dots$ In $\mathfrak t$, where off the diagonal the entries
# are $O(t^{-1})$ and the denominator is $\pm(\frac14-\frac1\pi)t^{-2}$, the corrections beyond it are $O(t^2)$. The
# factor $\pi-4$ of the paper's table is this denominator:
#
# $$\tfrac34+\tfrac5{2\pi}-\frac{(\frac14-\frac2\pi)(\frac14+\frac1\pi)}{\frac14-\frac1\pi}
# =\frac{\pi^2+\pi-4}{2\pi(\pi-4)},\qquad
# \tfrac14-\tfrac3\pi+\frac{(\frac14-\frac2\pi)(\frac14+\frac1\pi)}{\frac14-\frac1\pi}
# =\frac{\pi^2-10\pi+8}{2\pi(\pi-4)}.$$
#
# In $\mathfrak s$ the large branch is $\frac14t^{-2}+\frac14+\frac{1/16}{1/4}=\frac d4+\frac12$. The other two share
# the leading eigenvalue $0$ at $t^{-2}$. What is left for them is the matrix reduced by the second row and column,
# $N_{ij}-\frac{N_{i2}N_{2j}}{N_{22}}+\dots$, of which the constant term is
#
# $$\begin{pmatrix}\frac14&0\\0&\frac34-\frac1\pi-\frac{1/16}{1/4}\end{pmatrix}
# =\begin{pmatrix}\frac14&0\\0&\frac12-\frac1\pi\end{pmatrix}.$$
#
# These are all constants of the table.

# %%
coupling = (quarter - 2 * o) * (-quarter - o) / (quarter - o)
pi_, below = QPI.pi, 1 / (2 * QPI.pi * (QPI.pi - 4))
assert 3 * quarter + 5 * o / 2 + coupling == (pi_ * pi_ + pi_ - 4) * below
assert quarter - 3 * o - coupling == (pi_ * pi_ - 10 * pi_ + 8) * below
assert quarter + quarter * quarter / quarter == half
first_two = [[N_s[i][j] - N_s[i][1] * N_s[1][j] / N_s[1][1] for j in (0, 2)] for i in (0, 2)]
assert [[x[0] for x in row] for row in first_two] == [[quarter, 0], [0, half - o]]

# %% [markdown]
# **To all orders.** Let the leading matrix, at $t^v$, be diagonal, and choose the indices that share one leading
# eigenvalue $\mu$; in blocks $N=\bigl(\begin{smallmatrix}N_{11}&N_{12}\\N_{21}&N_{22}\end{smallmatrix}\bigr)$. The
# subspace $\{(x,Zx)\}$, the graph of a matrix $Z=O(t)$, is invariant if and only if
#
# $$N_{21}+N_{22}Z-ZN_{11}-ZN_{12}Z=0,$$
#
# and on it $N$ acts as $N_{11}+N_{12}Z$. In the entry $(i,j)$ the left side is $(\mu_i-\mu)t^vZ_{ij}+\dots$, with
# $\mu_i-\mu\ne0$ and dots that are of higher order in $t$. So the equation is a fixed-point equation for a contraction,
# and it has exactly one solution. The smaller matrix loses $\mu t^v$ and the reduction goes on with what is left, until
# the size is $1$. (In general the leading matrix has to be diagonalised first. That is possible since $N$ is
# self-adjoint for the inner product $(M^{-1}+rr^\top)^{-1}$, and it is where new square roots may come in; here none
# do.)


# %%
def reduce(N, chosen):
    """The matrix of N on the invariant subspace that starts along the chosen coordinates."""
    others = [i for i in range(len(N)) if i not in chosen]
    valuation = min(x.valuation for row in N for x in row if x)
    lead = [[x[valuation] for x in row] for row in N]
    assert all(not c for i, row in enumerate(lead) for j, c in enumerate(row) if i != j)
    N11, N12, N21, N22 = (
        [[N[i][j] for j in columns] for i in rows] for rows in (chosen, others) for columns in (chosen, others)
    )
    Z = [[zero for _ in chosen] for _ in others]
    precision = min(x.precision for row in N for x in row)
    for _ in range(precision - valuation):
        acts = [[x + y for x, y in zip(*rows, strict=True)] for rows in zip(N11, times(N12, Z), strict=True)]
        for i, (row, *products) in enumerate(zip(N21, times(N22, Z), times(Z, acts), strict=True)):
            for j, (x, y, z) in enumerate(zip(row, *products, strict=True)):
                gap = lead[others[i]][others[i]] - lead[chosen[j]][chosen[j]]
                Z[i][j] = (Z[i][j] - (x + y - z) * monomial(QPI, 1 / gap, -valuation)).exact().truncate(precision)
    return [[x + y for x, y in zip(*rows, strict=True)] for rows in zip(N11, times(N12, Z), strict=True)]


def branch(N, *steps):
    """The eigenvalue reached by these choices of coordinates, one after another."""
    for chosen in steps:
        N = reduce(N, chosen)
    assert len(N) == 1
    return N[0][0]


spectrum = {
    ("t", 2): branch(N_t, [0]),
    ("t", 3): branch(N_t, [1]),
    ("s", 2): branch(N_s, [0, 2], [1]),
    ("s", 3): branch(N_s, [0, 2], [0]),
    ("s", 4): branch(N_s, [1]),
    ("x", 1): bulk["x"],
    ("y", 1): bulk["y"],
}
for (name, number), value in spectrum.items():
    show(rf"\lambda_{{{name},{number}}}", value.truncate(2))
assert not (spectrum["s", 2] + spectrum["s", 3] + spectrum["s", 4] - N_s[0][0] - N_s[1][1] - N_s[2][2]).truncate(4)
assert not (spectrum["t", 2] * spectrum["t", 3] - N_t[0][0] * N_t[1][1] + N_t[0][1] * N_t[1][0]).truncate(3)

# %% [markdown]
# The library's spectrum, which works with the four and three copies of $\mathfrak s$ and $\mathfrak t$ in a generic
# way, has the same branches, and the zeros besides.

# %%
ORDER = 4
ours_and_zeros = {**spectrum, ("t", 1): zero, ("s", 1): zero}
of_library = family.spectrum(ORDER).eigenvalues
assert len(of_library) == len(ours_and_zeros) == 9
for eigenvalue in of_library:
    ours = ours_and_zeros[eigenvalue.component.kind, eigenvalue.branch]
    assert eigenvalue.is_zero == ours.is_exact_zero
    assert eigenvalue.series == (ours if ours.is_exact_zero else ours.truncate(ORDER + 1))

# %% [markdown]
# ## 12. Theorem 2
#
# We type in the table as the paper prints it and sort our nine branches into its lines, by what they are up to $O(t)$.
# The multiplicities of the lines are sums of dimensions: the $d$ zeros are $1$ in $\mathfrak t$ and $d-1$ in
# $\mathfrak s$.

# %%
table = [
    ([0, 0, 0], d),
    ([0, 0, quarter - o / 2], (d - 1) * (d - 2) / 2),
    ([0, 0, half - o], d - 1),
    ([0, 0, quarter], d - 1),
    ([0, 0, quarter + o / 2], d * (d - 3) / 2),
    ([quarter, 0, half], d - 1),
    ([quarter, 0, (pi_ * pi_ + pi_ - 4) * below], sympy.Integer(1)),
    ([o, 0, (pi_ * pi_ - 10 * pi_ + 8) * below], sympy.Integer(1)),
]
for line, multiplicity in table:
    found = [name for (name, _), value in ours_and_zeros.items() if value.known(-2, 1) == line]
    assert sympy.expand(sum(dimension[name] for name in found) - multiplicity) == 0
assert sympy.expand(sum(multiplicity for _, multiplicity in table) - d * (d + 1)) == 0
assert all(QPI.sign(value.leading) > 0 for value in spectrum.values())

# %% [markdown]
# This is Theorem 2 for case 1b, and more: the first line is $0$ exactly. All other branches have a positive leading
# coefficient, so for all large $d$ the critical points of the family are minima, isolated but for the rescaling.
# (For *which* $d$, a series at infinity does not say.)
#
# ## 13. Where the spectra part
#
# The global minima 1a have the same table, and so have the other families of Theorem 1, although their losses differ.
# At the next order, $d^{-1/2}$, the spectra part. In case 1b, by the formulas above,
#
# $$\lambda_{\mathfrak x}:\ -\tfrac1\pi t,\qquad\lambda_{\mathfrak y}:\ -\tfrac1\pi t,\qquad
# \lambda_{\mathfrak s}:\ 0,\ -\tfrac2\pi t,\ -\tfrac1\pi t,\qquad\lambda_{\mathfrak t}:\ -\tfrac2\pi t,\ 0.$$
#
# The first two are easy to see. They come from $\Lambda=\pi-2t+\dots$, where the term $-2t$ is
# $-g_\beta/p=-\sin\beta/\nu$ to this order: each row is nearly opposite to its own target, at the angle
# $\beta\approx\pi-2t$. In case 1a the two are parallel, and in case 2a for all rows but one the angle is of order
# $t^2$ only: there the term is missing in the components of the large block. So curvature does tell the families
# apart, one order after Theorem 2.

# %%
next_terms = {name: value[1] for name, value in spectrum.items()}
assert next_terms == {
    ("t", 2): -2 * o,
    ("t", 3): 0,
    ("s", 2): 0,
    ("s", 3): -2 * o,
    ("s", 4): -o,
    ("x", 1): -o,
    ("y", 1): -o,
}
assert (along_1b.g_b / along_1b.p)[1] == 2 and along_1b.along[1] == -2
own_target = symrelu.family("2a").series(4).angle(1, 1, target=True, same=True)
assert own_target.valuation == 2 and own_target.leading == 2

# %% [markdown]
# We let the library compare 1a, 1b and 2a. Through $t^0$ the spectra agree as multisets, with 1b split as above and 2a
# split into fifteen branches of the smaller group $\Delta(S_{d-1}\times S_1)$; through $t^1$ they do not. In case 1a
# *all* coefficients of $t$ vanish, and in case 2a only lines whose multiplicity is at most $O(d)$ have one.


# %%
families = {name: symrelu.family(name) for name in ("1a", "2a", "2b")} | {"1b": family}


def multiset(name, order):
    """The distinct eigenvalues of a family through t^order, with their multiplicities."""
    found: dict[Any, Any] = {}
    for e in families[name].spectrum(1).eigenvalues:
        key = tuple(e.series.known(-2, order + 1))
        found[key] = sympy.expand(found.get(key, 0) + e.multiplicity.sympy().subs(sympy.Symbol("d"), d))
    return found


assert multiset("1a", 0) == multiset("1b", 0) == multiset("2a", 0)
assert len({frozenset(multiset(name, 1).items()) for name in ("1a", "1b", "2a")}) == 3
assert not any(key[3] for key in multiset("1a", 1))
assert max(sympy.degree(m, d) for key, m in multiset("1b", 1).items() if key[3]) == 2
assert max(sympy.degree(m, d) for key, m in multiset("2a", 1).items() if key[3]) == 1

# %% [markdown]
# The library makes the same table for all families, group by group of Theorem 2's lines. Let $m$ be the size of the
# small block ($0$ for 1a and 1b; $1,2,3$ for 2a and 2b, 3a and 3b, 4). A pattern shows: each row has a number, $0$ in
# the cases a and 4 and $-\tfrac1{2\pi}$ in the cases b, and in the small block $-\tfrac1{\pi^2}$ (a, 4) or
# $+\tfrac1{\pi^2}$ (b) more. An eigenvalue near $\tfrac14\pm\tfrac1{2\pi}$ belongs to two rows, and its coefficient of
# $d^{-1/2}$ is the sum of their numbers; near $\tfrac14$ it is four times the number of one row. The code checks the
# pattern for 1a, 1b, 2a and 2b; `symrelu compare --order 1` prints the table of all seven, which has it too. We have no
# proof for other families.

# %%
named = ("1a", "1b", "2a", "2b")
table_of_all = part_spectra([families[name] for name in named], 1)
print(table_of_all)
lines = {str(group.shared): group for group in table_of_all.groups}
for place, (name, m) in enumerate(zip(named, (0, 0, 1, 1), strict=True)):
    bulk = -over_pi / 2 if name.endswith("b") else 0 * over_pi
    small = bulk + (over_pi**2 if name.endswith("b") else -(over_pi**2))
    mixed, within = m * (d - m - 1), sympy.Integer(m * (m - 1)) / 2
    rule = {
        "1/4 - 1/(2*pi)": [(2 * bulk, (d - m - 1) * (d - m - 2) / 2), (bulk + small, mixed), (2 * small, within)],
        "1/4 + 1/(2*pi)": [(2 * bulk, (d - m) * (d - m - 3) / 2), (bulk + small, mixed), (2 * small, within)],
        "1/4": [(4 * bulk, d - m - 1), (4 * small, sympy.Integer(m))],
        "1/4*t**(-2) + 1/2": [(2 * bulk, d - 1)],
    }
    for shared, numbers in rule.items():
        parts = {part.term[1]: part.multiplicity.subs(sympy.Symbol("d"), d) for part in lines[shared].parts[place]}
        expected_parts = {QPI(c): count for c, count in numbers if count != 0}
        assert parts.keys() == expected_parts.keys()
        assert all(sympy.expand(parts[c] - count) == 0 for c, count in expected_parts.items())

# %% [markdown]
# ## 14. Rescaling and curvature
#
# The loss does not change when all neurons are rescaled, $W\mapsto\lambda W$, $\alpha\mapsto\alpha/\lambda$. The
# Hessian does: in the new coordinates the same function has the Hessian
#
# $$SHS,\qquad S=\operatorname{Diag}(\lambda^{-1}\text{ on }W,\ \lambda\text{ on }\alpha).$$
#
# This is a congruence: the numbers of positive, negative and zero eigenvalues stay, the eigenvalues do not. The trace
# becomes $\lambda^{-2}\operatorname{tr}H_{WW}+\lambda^2\operatorname{tr}H_{\alpha\alpha}$, and both traces are easy. By
# step 5, the second derivative by one row has the trace $\pi d+d\sum\frac gp$, signs included, so that
#
# $$\operatorname{tr}H_{WW}=\frac{d^2\Lambda}{2\pi},\qquad
# \operatorname{tr}H_{\alpha\alpha}=\sum_i\kappa(w_i,w_i)=\frac{dp}2.$$
#
# We compare with the traces of the blocks, for all $a_1,a_2,d$, and along the family with the library's.

# %%
blocks_trace = (M_s.inv() * matrix_s).trace() * dimension["s"] + (M_t.inv() * matrix_t).trace()
blocks_trace += lambda_x * dimension["x"] + lambda_y * dimension["y"]
assert vanishes(blocks_trace - d**2 * in_angles.along / (2 * pi))

trace_W, trace_alpha = along_1b.d**2 * along_1b.along / (2 * QPI.pi), along_1b.d * along_1b.p / 2
by_power = trace_along_rescaling(family)
assert by_power[-2] == trace_W.truncate(3) and by_power[2] == trace_alpha.truncate(3)
assert trace_W.known(-4, -1) == [half, -o, o] and trace_alpha.known(-2, 3) == [half, 0, 0, 0, 0]

# %% [markdown]
# In the balanced case $\lambda=1$ the trace is $\frac{d^2}2-\frac1\pi d^{3/2}+\dots$ for the spurious minima 1b and, as
# $\Lambda=\pi$ and $p=1$ at $W=I$, exactly $\frac{d^2+d}2$ for the global minima 1a: the spurious ones are the flatter
# ones. And as $\lambda$ runs, each of them takes every trace from $2\sqrt{\operatorname{tr}H_{WW}\operatorname{tr}
# H_{\alpha\alpha}}$ upwards with the same function computed by the network. The size of curvature says nothing about
# the network unless a point of the rescaling orbit is chosen. Signs do: they belong to the orbit.
#
# In floating point at $d=12$, where the library's reference works at any $(W,\alpha)$:

# %%
assert sympy.expand(identity.along - pi) == 0 and trace_W[-3] == -over_pi
for scale in (0.5, 1.0, 3.0):
    there = hessian(scale * W12, np.ones(12) / scale, np.eye(12), np.ones(12))
    diagonal = np.concatenate([np.full(144, 1 / scale), np.full(12, scale)])
    assert np.allclose(there, diagonal[:, None] * full * diagonal, atol=1e-11)
    eigenvalues = np.linalg.eigvalsh(there)
    assert (np.abs(eigenvalues) < 1e-11).sum() == 12 and (eigenvalues > 1e-3).sum() == 144
    predicted = 144 * at_twelve.along / (2 * mpmath.pi) / scale**2 + 6 * at_twelve.p * scale**2
    assert abs(np.trace(there) - float(predicted)) < 1e-10

# %% [markdown]
# ## 15. A check without series
#
# Finally we solve $E_1=E_2=0$ in eighty digits at two values of $d$ a factor $4$ apart and take the eigenvalues of $N$
# there, from the forms of step 8. Series cut off before $t^3$ must see their errors divided by about $2^3=8$ when $t$
# is halved.
#
# We take $d=10^{10}$ and not, say, $10^6$, because the two large eigenvalues of $\mathfrak t$ are $\frac d4$ and
# $\frac d\pi$, and $\frac14$ and $\frac1\pi$ are close. Their series have denominators $(\pi-4)^3$ at $t^2$,
# $(\pi-4)^5$ at $t^4$ and so on, with coefficients that grow like $70\,t^2$ for each step. For moderate $d$ the
# matrix $N$ is the better answer, and it costs no more.


# %%
def to_mpmath(x):
    """An element of Q(pi) as a number of the working precision."""
    return mpmath.mpf(sympy.N(QPI.sympy(x), mpmath.mp.dps + 5))


def numeric_spectrum(d):
    """The seven nonzero eigenvalues at a large d, named as above."""
    root = 1 / mpmath.sqrt(d)
    point = critical_point(d, [x.evaluate(root, to_mpmath) for x in (A1, A2)])
    found = {("x", 1): point.bulk(-1) / (2 * mpmath.pi), ("y", 1): point.bulk(1) / (2 * mpmath.pi)}
    for name, N in zip(("s", "t"), quotient_matrices(point), strict=True):
        values = sorted(mpmath.re(x) for x in mpmath.eig(N, left=False, right=False))
        found |= {(name, i): x for i, x in enumerate(values, 2)}
    return found


CUT = 3
with mpmath.workdps(80):
    errors = []
    for dimension_now in (mpmath.mpf(10) ** 10, 4 * mpmath.mpf(10) ** 10):
        root = 1 / mpmath.sqrt(dimension_now)
        found = numeric_spectrum(dimension_now)
        errors.append({key: abs(found[key] - x.truncate(CUT).evaluate(root, to_mpmath)) for key, x in spectrum.items()})
    observed = {key: mpmath.log(errors[0][key] / errors[1][key], 2) for key in spectrum}
print("observed orders in t:", ", ".join(f"{name}{i}: {mpmath.nstr(x, 4)}" for (name, i), x in observed.items()))
for key, order in observed.items():
    rest = spectrum[key] - spectrum[key].truncate(CUT).exact()
    assert rest.valuation >= CUT and int(mpmath.nint(order)) == rest.valuation
large = spectrum["t", 2]
assert [QPI.factors_of(large[n])[1][-4, 1] for n in (0, 2, 4, 6)] == [-1, -3, -5, -7]
growth = [abs(to_mpmath(large[n + 2] / large[n])) for n in (2, 4)]
assert all(60 < ratio < 80 for ratio in growth)
