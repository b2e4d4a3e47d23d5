# %% [markdown]
# # The gradient of $\Delta S_d$, and equation (4)
#
# A two-layer ReLU network with $d$ inputs and $d$ neurons is fitted to a target network of the same shape. Among the
# critical points of the loss is a family of spurious minima, one for each large $d$, whose loss does not tend to $0$:
#
# $$\mathcal L = \frac12-\frac1\pi-\frac{4}{3\pi\sqrt d}+\frac{-\frac12-\frac2{\pi^2}+\frac3\pi}{d}
# +O\left(d^{-3/2}\right). \tag{4}$$
#
# This is equation (4) of Y. Arjevani and M. Field, *Analytic study of families of spurious minima in two-layer ReLU
# neural networks: a tale of symmetry II* (2021, arXiv:2107.10370), case 1b of its Theorem 1. We derive it by hand from
# the definition of the loss and [the kernel](01_kernel.py). That the points are minima is not proved here, only that
# they are critical points.
#
# Every formula is checked by the cell that follows it. The checks are exact, in $\mathbb Q(\pi)$ or in SymPy, except
# two that say so and use 45 or 60 digits. What no computation can check, that there is exactly one such family
# and that its series converges, is argued in words in step 4. Each step is also compared with what the package
# `symrelu` computes.
#
# 1. [The loss on matrices fixed by the symmetric group](#1.-The-loss-on-matrices-fixed-by-the-symmetric-group)
# 2. [The gradient](#2.-The-gradient)
# 3. [Leading terms at infinity](#3.-Leading-terms-at-infinity)
# 4. [One family, and all its terms](#4.-One-family,-and-all-its-terms)
# 5. [The loss](#5.-The-loss)
# 6. [A check without series](#6.-A-check-without-series)

# %%
import builtins

import mpmath
import sympy

import symrelu
from symrelu import FixedSpace, Isotropy, Series
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.series import monomial
from symrelu.model.expression import D as d
from symrelu.model.expression import coordinates, gradient_expression, loss_expression
from symrelu.model.kernels import PSI, RELU, G, P
from symrelu.model.reduced import Problem


def show(label, value):
    """Display a formula in a notebook, or print it in a terminal."""
    if hasattr(builtins, "__IPYTHON__"):
        from IPython.display import Math, display

        display(Math(rf"{label} = {sympy.latex(value)}"))
    else:
        print(f"{label} = {value}")


# %% [markdown]
# From the kernel we need its Gram form. With $p=\langle w,w\rangle$, $q=\langle v,v\rangle$, $s=\langle w,v\rangle$
# and
#
# $$g=\sqrt{pq-s^2}=|w||v|\sin\theta,\qquad \psi=\pi-\theta,\qquad\hat\kappa=2\pi\kappa=g+\psi s$$
#
# the first derivatives are $\hat\kappa_p=\frac g{2p}$ and $\hat\kappa_s=\psi$. For parallel, orthogonal and opposite
# rows $\hat\kappa$ is $\pi p$, $|w||v|$ and $0$. The chain rule gives the gradient with respect to a row,
#
# $$\nabla_w\hat\kappa(w,v)=2\hat\kappa_p\,w+\hat\kappa_s\,v=\frac gp\,w+\psi\,v,\qquad
# \nabla_w\,\tfrac12\hat\kappa(w,w)=\pi w.$$

# %%
p, q, s = sympy.symbols("p q s", positive=True)
nu, mu = sympy.symbols("nu mu", positive=True)
gram_form = {name: RELU.partials[name] for name in ("p", "s")}
assert gram_form == {"p": G / (2 * P), "s": PSI}

# %% [markdown]
# ## 1. The loss on matrices fixed by the symmetric group
#
# With all weights of the second layers equal to $1$ and the target $V=I_d$, whose rows are $e_1,\dots,e_d$, equation
# (2) of the paper reads
#
# $$\mathcal L(W)=\frac12\sum_{i,j}\kappa(w_i,w_j)-\sum_{i,j}\kappa(w_i,e_j)+\frac12\sum_{i,j}\kappa(e_i,e_j).$$
#
# It does not change when rows and columns are permuted alike, $W\mapsto P_\pi WP_\pi^\top$. The matrices that stay
# fixed under all these permutations form a plane,
#
# $$W=a_1I+a_2(\mathbf 1\mathbf 1^\top-I),$$
#
# with $a_1$ on the diagonal and $a_2$ off it. This is the fixed-point subspace of the group $\Delta S_d$.

# %%
space = FixedSpace(Isotropy.diagonal("d"))
problem = Problem(space, RELU)
assert space.names == ("a_1", "a_2")
assert (space.matrix([7, 3], 4) == [[7, 3, 3, 3], [3, 7, 3, 3], [3, 3, 7, 3], [3, 3, 3, 7]]).all()

# %% [markdown]
# On this plane a pair of rows has one of very few sets of Gram entries. Every row has the same squared norm $p$, and
# two different rows $w_i,w_j$ have the same inner product $s$: columns $i$ and $j$ give $a_1a_2$ each, the other $d-2$
# columns give $a_2^2$. With a target row we have $\langle w_i,e_i\rangle=a_1$ and $\langle w_i,e_j\rangle=a_2$.
#
# $$p=\nu^2=a_1^2+(d-1)a_2^2,\qquad s=2a_1a_2+(d-2)a_2^2.$$
#
# There are three angles, named as in the paper:
#
# $$\cos\alpha=\frac sp\ \ (w_i,w_j),\qquad\cos\beta=\frac{a_1}\nu\ \ (w_i,e_i),\qquad
# \cos\beta'=\frac{a_2}\nu\ \ (w_i,e_j),$$
#
# where the paper writes $\alpha_{(1)}^{(2)}$, $\beta_{(1)}^{(1)}$ and $\beta_{(1)}^{(2)}$. From here on $d$ may be any
# real number. We compare with what the orbit rules of the library give; there `alpha_1_1o` is an angle between rows of
# orbit 1 with different indices (`o` for other).

# %%
a1, a2 = coordinates(problem)
norm_squared = a1**2 + (d - 1) * a2**2
inner = 2 * a1 * a2 + (d - 2) * a2**2
by_hand = {
    "nu_1": sympy.sqrt(norm_squared),
    "alpha_1_1o": sympy.acos(inner / norm_squared),
    "beta_1_1": sympy.acos(a1 / sympy.sqrt(norm_squared)),
    "beta_1_1o": sympy.acos(a2 / sympy.sqrt(norm_squared)),
}
library = loss_expression(problem)
assert {str(symbol) for symbol in library.definitions} == set(by_hand)
for symbol, definition in library.definitions.items():
    assert sympy.simplify(definition - by_hand[str(symbol)]) == 0, symbol

# %% [markdown]
# It remains to count pairs. There are $d$ pairs $(w_i,w_i)$ and $d(d-1)$ pairs $(w_i,w_j)$ with $i\ne j$, and likewise
# with target rows; $\hat\kappa(e_i,e_i)=\pi$ and $\hat\kappa(e_i,e_j)=1$. Let $g_\alpha,g_\beta,g_{\beta'}$ and
# $\psi_\alpha=\pi-\alpha$, $\psi_\beta=\pi-\beta$, $\psi_{\beta'}=\pi-\beta'$ be the two functions for the three kinds
# of pairs. Then
#
# $$2\pi\mathcal L=\frac d2\Bigl(\pi p+(d-1)(g_\alpha+\psi_\alpha s)\Bigr)-d\Bigl(g_\beta+\psi_\beta a_1
# +(d-1)(g_{\beta'}+\psi_{\beta'}a_2)\Bigr)+\frac d2\bigl(\pi+d-1\bigr).$$

# %%
g_a, g_b, g_c = sympy.symbols("g_alpha g_beta g_betaprime", positive=True)
psi_a, psi_b, psi_c = sympy.symbols("psi_alpha psi_beta psi_betaprime", positive=True)
alpha, beta, beta_other = sympy.symbols("alpha beta betaprime", positive=True)


def reduced_loss(p, s, a1, a2, d, pi, roots, psis):
    """2 pi times the loss on the plane, from the Gram roots and supplementary angles of the three kinds of pairs."""
    (g_a, g_b, g_c), (psi_a, psi_b, psi_c) = roots, psis
    students = (pi * p + (d - 1) * (g_a + psi_a * s)) * d / 2
    teachers = (g_b + psi_b * a1 + (d - 1) * (g_c + psi_c * a2)) * d
    return students - teachers + (d - 1 + pi) * d / 2


loss_by_hand = reduced_loss(p, s, a1, a2, d, sympy.pi, (g_a, g_b, g_c), (psi_a, psi_b, psi_c))
angles = {
    g_a: nu**2 * sympy.sin(alpha),
    g_b: nu * sympy.sin(beta),
    g_c: nu * sympy.sin(beta_other),
    psi_a: sympy.pi - alpha,
    psi_b: sympy.pi - beta,
    psi_c: sympy.pi - beta_other,
}
short_names = {"nu_1": nu, "alpha_1_1o": alpha, "beta_1_1": beta, "beta_1_1o": beta_other}
names = {symbol: short_names[str(symbol)] for symbol in library.definitions}

in_angles = loss_by_hand.subs(angles).subs(
    {p: nu**2, s: nu**2 * sympy.cos(alpha), a1: nu * sympy.cos(beta), a2: nu * sympy.cos(beta_other)}
)
assert sympy.expand(in_angles / (2 * sympy.pi) - library.values["L"].xreplace(names)) == 0

# %% [markdown]
# The count can also be checked without any rule: at $d=5$ and a rational point of the plane, the double sums over all
# rows give the same number, exactly.

# %%
exact_roots = {
    g_a: sympy.sqrt(norm_squared**2 - inner**2),
    g_b: sympy.sqrt(norm_squared - a1**2),
    g_c: sympy.sqrt(norm_squared - a2**2),
    psi_a: sympy.pi - sympy.acos(inner / norm_squared),
    psi_b: sympy.pi - sympy.acos(a1 / sympy.sqrt(norm_squared)),
    psi_c: sympy.pi - sympy.acos(a2 / sympy.sqrt(norm_squared)),
    p: norm_squared,
    s: inner,
}
somewhere = {a1: sympy.Rational(-2, 3), a2: sympy.Rational(1, 4), d: sympy.Integer(5)}


def full_loss(W):
    """The loss of a square matrix by its definition: the double sums over all rows."""
    V = sympy.eye(W.rows)

    def kernel(u, v):
        return u.dot(u) / 2 if u == v else RELU(u.dot(u), v.dot(v), u.dot(v))

    w, v = [W.row(i) for i in range(W.rows)], [V.row(i) for i in range(V.rows)]
    student = sum(kernel(x, y) for x in w for y in w)
    mixed = sum(kernel(x, y) for x in w for y in v)
    teacher = sum(kernel(x, y) for x in v for y in v)
    return student / 2 - mixed + teacher / 2


W = sympy.Matrix(5, 5, lambda i, j: somewhere[a1 if i == j else a2])
on_the_plane = loss_by_hand.subs(exact_roots).subs(somewhere) / (2 * sympy.pi)
assert sympy.simplify(full_loss(W) - on_the_plane) == 0

# %% [markdown]
# ## 2. The gradient
#
# For one row, add up the gradients of the kernel over its partners. (In the first sum of $\mathcal L$ every pair of
# rows occurs twice, which takes care of the factor $\frac12$.) The other rows of $W$ have the sum $\sum_{j\ne i}w_j$,
# with entry $(d-1)a_2$ in column $i$ and $a_1+(d-2)a_2$ in every other column. Hence the gradient is of the same shape
# as $W$. Its entries on and off the diagonal are $\frac1{2\pi}E_1$ and $\frac1{2\pi}E_2$, where
#
# $$\begin{aligned}
# \Lambda&=\pi+(d-1)\frac{g_\alpha}p-\frac{g_\beta+(d-1)g_{\beta'}}p,\\
# E_1&=\Lambda a_1+\psi_\alpha(d-1)a_2-\psi_\beta,\\
# E_2&=\Lambda a_2+\psi_\alpha\bigl(a_1+(d-2)a_2\bigr)-\psi_{\beta'}.
# \end{aligned}$$
#
# Therefore a point of the plane is a critical point of $\mathcal L$ on *all* $d\times d$ matrices as soon as
# $E_1=E_2=0$. We check the shape and the two entries at $d=3$ against differences of the full loss in all nine
# entries, to 45 digits.


# %%
def entry_gradient(p, a1, a2, d, pi, roots, psis):
    """Lambda, and 2 pi times the gradient's entries on and off the diagonal."""
    (g_a, g_b, g_c), (psi_a, psi_b, psi_c) = roots, psis
    along = (d - 1) * g_a / p - (g_b + (d - 1) * g_c) / p + pi
    on_diagonal = along * a1 + psi_a * (d - 1) * a2 - psi_b
    off_diagonal = along * a2 + psi_a * (a1 + (d - 2) * a2) - psi_c
    return along, on_diagonal, off_diagonal


_, E1, E2 = entry_gradient(p, a1, a2, d, sympy.pi, (g_a, g_b, g_c), (psi_a, psi_b, psi_c))

entries = sympy.Matrix(3, 3, lambda i, j: sympy.Symbol(f"w_{i + 1}{j + 1}", real=True))
loss_at_3 = sympy.lambdify([*entries], full_loss(entries), "mpmath")
with mpmath.workdps(80):
    center = [mpmath.mpf(x.p) / x.q for x in (somewhere[a1 if i == j else a2] for i in range(3) for j in range(3))]
    h = mpmath.mpf(10) ** -25  # central differences are off by h^2
    for place in range(9):
        above, below = ([x + sign * h * (n == place) for n, x in enumerate(center)] for sign in (1, -1))
        full = (loss_at_3(*above) - loss_at_3(*below)) / (2 * h)
        ours = (E1 if place % 4 == 0 else E2).subs(exact_roots).subs(somewhere | {d: sympy.Integer(3)}) / (2 * sympy.pi)
        assert abs(full - mpmath.mpf(sympy.N(ours, 70))) < mpmath.mpf(10) ** -45, place

# %% [markdown]
# The second layer adds nothing. If $\alpha_i$ are its weights, then at $\alpha=\mathbf 1$
#
# $$\frac{\partial\mathcal L}{\partial\alpha_i}=\sum_j\kappa(w_i,w_j)-\sum_j\kappa(w_i,e_j)
# =\langle w_i,\nabla_{w_i}\mathcal L\rangle,$$
#
# because $\varphi$ is positively homogeneous; the right side vanishes at a critical point. On our plane it is
# $\frac1{2\pi}\bigl(a_1E_1+(d-1)a_2E_2\bigr)$.

# %%
second_layer = sympy.pi * p + (d - 1) * (g_a + psi_a * s) - (g_b + psi_b * a1) - (d - 1) * (g_c + psi_c * a2)
difference = second_layer - (a1 * E1 + (d - 1) * a2 * E2)
assert sympy.simplify(difference.subs({p: norm_squared, s: inner})) == 0

# %% [markdown]
# In the plane, $a_1$ stands for $d$ entries and $a_2$ for $d(d-1)$. The gradient of the reduced loss is thus
#
# $$F=\begin{pmatrix}\partial\mathcal L/\partial a_1\\\partial\mathcal L/\partial a_2\end{pmatrix}
# =\frac1{2\pi}\begin{pmatrix}d\,E_1\\d(d-1)\,E_2\end{pmatrix}.$$
#
# We differentiate the loss of step 1 by the chain rule, with the Gram form above. In $\hat\kappa(w_i,w_j)$ both
# rows have squared norm $p$, so $p$ counts twice. The two agree as polynomials in $a_1,a_2,d,\frac1p$, the roots and
# the angles.


# %%
def chain_rule(x):
    """2 pi dL/dx from the partial derivatives of the kernel in Gram form."""
    dp, ds = sympy.diff(norm_squared, x), sympy.diff(inner, x)
    students = (sympy.pi * dp + (d - 1) * (2 * g_a / (2 * p) * dp + psi_a * ds)) * d / 2
    own = g_b / (2 * p) * dp + psi_b * sympy.diff(a1, x)
    other = g_c / (2 * p) * dp + psi_c * sympy.diff(a2, x)
    return students - d * (own + (d - 1) * other)


assert sympy.expand(chain_rule(a1) - d * E1) == 0
assert sympy.expand(chain_rule(a2) - d * (d - 1) * E2) == 0

# %% [markdown]
# The paper displays $F$ in section 4.1, in the three angles and the norm. We type in the display as it is printed
# there.

# %%
pi, sin = sympy.pi, sympy.sin
paper_F1 = (
    a1 * d / 2
    - a1 * d * sin(beta) / (2 * pi * nu)
    + a1 * (d**2 - d) * sin(alpha) / (2 * pi)
    - a1 * (d**2 - d) * sin(beta_other) / (2 * pi * nu)
    - a2 * alpha * (d**2 - d) / (2 * pi)
    + a2 * (d**2 - d) / 2
    + beta * d / (2 * pi)
    - d / 2
)
paper_F2 = (
    -a1 * alpha * (d**2 - d) / (2 * pi)
    + a1 * (d**2 - d) / 2
    - a2 * alpha * (d**3 - 3 * d**2 + 2 * d) / (2 * pi)
    + a2 * (d**3 - 2 * d**2 + d) * sin(alpha) / (2 * pi)
    + a2 * (d**3 - 2 * d**2 + d) / 2
    - a2 * (d**2 - d) * sin(beta) / (2 * pi * nu)
    - a2 * (d**3 - 2 * d**2 + d) * sin(beta_other) / (2 * pi * nu)
    + beta_other * (d**2 - d) / (2 * pi)
    - d**2 / 2
    + d / 2
)

# %% [markdown]
# Our vector, the library's and the paper's agree identically. (The paper introduces $F$ as $\nabla f$ at a point of the
# plane, whose entries would be $E_i/2\pi$; what it displays is the gradient of the reduced loss, with the factors $d$
# and $d(d-1)$. The zeros are the same.)

# %%
F1, F2 = ((x.subs(angles).subs(p, nu**2)) / (2 * pi) for x in (d * E1, d * (d - 1) * E2))
assert sympy.expand(F1 - paper_F1) == 0
assert sympy.expand(F2 - paper_F2) == 0

library = gradient_expression(problem)
assert sympy.expand(library.values["F_1"].xreplace(names) - paper_F1) == 0
assert sympy.expand(library.values["F_2"].xreplace(names) - paper_F2) == 0
show("F_1", library.values["F_1"].xreplace(names))
show("F_2", library.values["F_2"].xreplace(names))

# %% [markdown]
# ## 3. Leading terms at infinity
#
# We look for zeros of $E_1,E_2$ that are power series in $t=d^{-1/2}$ with the limit $a_1=-1$, $a_2=0$:
#
# $$a_1=-1+x_2t^2+x_3t^3+\dots,\qquad a_2=y_2t^2+y_3t^3+\dots$$
#
# First the roots. Each Gram determinant factors, so that nothing cancels:
#
# $$g_\alpha^2=(p-s)(p+s)=(a_1-a_2)^2(p+s),\qquad g_\beta^2=p-a_1^2=(d-1)a_2^2,\qquad g_{\beta'}^2=p-a_2^2.$$
#
# Near our limit $a_2-a_1>0$, and we shall find $a_2>0$, which decides the signs of the roots.
#
# Then the angles. In the limit $\beta\to\pi$, where the arc cosine has no power series. But with $\dot f=t\,df/dt$
# every angle satisfies
#
# $$\dot\psi=-\dot\theta=\frac{(\cos\theta)^{\textstyle\cdot}}{\sin\theta},$$
#
# which we integrate term by term, with the limits $\psi_\alpha\to\frac\pi2$, $\psi_\beta\to0$,
# $\psi_{\beta'}\to\frac\pi2$ as constants.
#
# The class `Series` holds truncated series that know their precision, so an $O(t^N)$ below is what can be known, and
# nothing more. The coefficients lie in a field $K$, or in polynomials over it in undetermined coefficients. (Series are
# displayed in powers of $d=t^{-2}$.)

# %%
assert sympy.expand(norm_squared - inner - (a1 - a2) ** 2) == 0
assert sympy.expand(norm_squared - a1**2 - (d - 1) * a2**2) == 0


class Plane:
    """A point of the plane whose coordinates are series in t, near a_1 = -1, a_2 = 0."""

    def __init__(self, a1, a2, psi_b=None):
        K = a1.field
        self.a1, self.a2, self.d, self.pi = a1, a2, monomial(K, 1, -2), K.pi
        self.p = a1 * a1 + (self.d - 1) * a2 * a2
        self.s = 2 * a1 * a2 + (self.d - 2) * a2 * a2
        nu, known = self.p.sqrt(), a1.precision + 2
        g_a = (a2 - a1) * (self.p + self.s).sqrt()
        g_b = (self.d - 1).truncate(known).sqrt() * a2
        g_c = (self.p - a2 * a2).sqrt()
        self.roots = g_a, g_b, g_c
        psi_a = ((self.s / self.p).derive() / (g_a / self.p)).integrate(K.pi / 2)
        if psi_b is None:
            psi_b = ((a1 / nu).derive() / (g_b / nu)).integrate(K.zero)
        psi_c = ((a2 / nu).derive() / (g_c / nu)).integrate(K.pi / 2)
        self.psis = psi_a, psi_b, psi_c

    def equations(self):
        """E_1 and E_2."""
        return entry_gradient(self.p, self.a1, self.a2, self.d, self.pi, self.roots, self.psis)[1:]

    def loss(self):
        """The loss."""
        value = reduced_loss(self.p, self.s, self.a1, self.a2, self.d, self.pi, self.roots, self.psis)
        return value / (self.pi * 2)


# %% [markdown]
# **Order 0.** With $a_1=-1+x_2t^2+O(t^3)$ and $a_2=y_2t^2+O(t^3)$ the norm is $p=1+(y_2^2-2x_2)t^2+O(t^3)$. The angle
# between a row and its own target row is still open: $\sin\beta=g_\beta/\nu=|y_2|t+O(t^2)$, whence $\psi_\beta=O(t)$,
# and that is all we put in.
#
# In $\Lambda$ the two large terms cancel, since $g_\alpha/p$ and $g_{\beta'}/p$ both tend to $1$. What is left is
# $\Lambda=\pi-x_2+\frac12y_2^2+O(t)$, and the equations begin with
#
# $$E_1=-\pi+x_2+\tfrac\pi2y_2-\tfrac12y_2^2+O(t),\qquad E_2=\tfrac\pi2(y_2-2)+O(t).$$

# %%
ring = PolynomialRing(QPI, ["x_2", "y_2"])
x2, y2 = (ring.unknown(i) for i in range(2))
open_point = Plane(Series(ring, 0, [-1, 0, x2], 3), Series(ring, 2, [y2], 3), psi_b=Series(ring, 1, [], 1))
e1, e2 = open_point.equations()
show("E_1", e1)
show("E_2", e2)

half_pi = QPI.pi / 2
assert e1[0] == x2 - QPI.pi + half_pi * y2 - y2 * y2 / 2
assert e2[0] == half_pi * (y2 - 2)
assert e1.precision == e2.precision == 1

# %% [markdown]
# The second equation says $y_2=2$: the sum of a column of $W$, which is $a_1+(d-1)a_2\to-1+y_2$, tends to $1$, the sum
# of a column of the target. Then the first says $x_2-\pi+\pi-2=0$, so
#
# $$x_2=y_2=2,\qquad a_1=-1+\frac2d+\dots,\qquad a_2=\frac2d+\dots,$$
#
# which are the entries of case 1b. In particular $a_2>0$ for large $d$.

# %%
assert e2[0].substitute({1: QPI(2)}) == 0
assert e1[0].substitute({1: QPI(2)}) == x2 - 2

# %% [markdown]
# **Orders 1 and 2.** Now $\sin\beta=2t+O(t^2)$ is known to leading order, so $\psi_\beta$ can be integrated too. We put
# in two more undetermined pairs, $x_3,y_3$ and $x_4,y_4$.

# %%
ring = PolynomialRing(QPI, ["x_3", "x_4", "y_3", "y_4"])
x3, x4, y3, y4 = (ring.unknown(i) for i in range(4))
open_point = Plane(Series(ring, 0, [-1, 0, 2, x3, x4], 5), Series(ring, 2, [2, y3, y4], 5))
e1, e2 = open_point.equations()
show("E_1", e1)
show("E_2", e2)
assert not e1[0] and not e2[0]
assert e1.precision == e2.precision == 3

# %% [markdown]
# In both orders the new pair enters through the same matrix,
#
# $$M=\begin{pmatrix}1&\frac\pi2-2\\0&\frac\pi2\end{pmatrix},\qquad
# M\begin{pmatrix}x_3\\y_3\end{pmatrix}=\begin{pmatrix}0\\0\end{pmatrix},\qquad
# M\begin{pmatrix}x_4\\y_4\end{pmatrix}=\begin{pmatrix}2-\pi\\2-\pi\end{pmatrix}
# \text{ once }x_3=y_3=0.$$

# %%
assert e1[1] == x3 + (half_pi - 2) * y3
assert e2[1] == half_pi * y3
nothing = {0: QPI.zero, 2: QPI.zero}
assert e1[2].substitute(nothing) == x4 + (half_pi - 2) * y4 + QPI.pi - 2
assert e2[2].substitute(nothing) == half_pi * y4 + QPI.pi - 2

# %% [markdown]
# $M$ is triangular with determinant $\frac\pi2$, so $x_3=y_3=0$ and
#
# $$y_4=\frac{2-\pi}{\pi/2}=-2+\frac4\pi,\qquad x_4=2-\pi-\bigl(\tfrac\pi2-2\bigr)y_4=-4+\frac8\pi.$$


# %%
def solve(b1, b2):
    """The solution of M (x, y) = (b1, b2)."""
    y = b2 / half_pi
    return b1 - (half_pi - 2) * y, y


assert solve(QPI.zero, QPI.zero) == (0, 0)
x4_value, y4_value = solve(2 - QPI.pi, 2 - QPI.pi)
assert x4_value == -4 + 8 / QPI.pi
assert y4_value == -2 + 4 / QPI.pi

start = symrelu.family("1b").start
assert [x.known(0, 5) for x in start.entries] == [[-1, 0, 2, 0, x4_value], [0, 0, 2, 0, y4_value]]

# %% [markdown]
# ## 4. One family, and all its terms
#
# That $M$ comes back at every order is no accident. Write the unknown family as
#
# $$a_1=-1+2t^2+t^3\xi_1,\qquad a_2=2t^2+t^3\xi_2$$
#
# with arbitrary $\xi_1,\xi_2$. Then, identically in $\xi$,
#
# $$E(a_1,a_2)=t\,M\xi+t^2R(\xi,t),$$
#
# where the coefficients of $R$ in $t$ are polynomials in $\xi$, because nothing we divide by or take a root of has a
# leading coefficient with $\xi$ in it. (The library would refuse to go on: only constants are units of $K[\xi]$.)
#
# So $E=0$ is the fixed-point equation $\xi=-tM^{-1}R(\xi,t)$, whose right side is a contraction of $K[[t]]^2$ for the
# $t$-adic metric. It has exactly one solution. By order 0 above, every power series solution with $a_1=-1+O(t^2)$ and
# $a_2=O(t^2)$ is of this form, so there is *exactly one* such family. (And the series converges for small $t$: $E/t$ is
# analytic in $(\xi,t)$ near $0$, and the analytic implicit function theorem applies.)

# %%
ring = PolynomialRing(QPI, ["xi_1", "xi_2"])
xi1, xi2 = (ring.unknown(i) for i in range(2))
perturbed = Plane(Series(ring, 0, [-1, 0, 2, xi1], 8), Series(ring, 2, [2, xi2], 8))
e1, e2 = perturbed.equations()
assert e1.valuation == e2.valuation == 1
assert e1[1] == xi1 + (half_pi - 2) * xi2
assert e2[1] == half_pi * xi2
show("E_2", e2.truncate(4))

# %% [markdown]
# The contraction also computes the family. Each application of
#
# $$(a_1,a_2)\;\longleftarrow\;(a_1,a_2)-t^2M^{-1}E(a_1,a_2)$$
#
# makes at least one more pair of coefficients right. We start with what order 0 gave, right
# below $t^3$, and go on to $t^8$.

# %%
t = monomial(QPI, 1, 1)
ORDER = 8
A1, A2 = Series(QPI, 0, [-1, 0, 2]), Series(QPI, 2, [2])
for known in range(3, ORDER + 1):
    e1, e2 = Plane(A1.truncate(known + 1), A2.truncate(known + 1)).equations()
    step = [x * t * t for x in solve(e1, e2)]
    assert min(x.valuation for x in step) >= known  # what was right stays
    A1, A2 = ((x - y).truncate(known + 1).exact() for x, y in zip((A1, A2), step, strict=True))

A1, A2 = A1.truncate(ORDER + 1), A2.truncate(ORDER + 1)
show("a_1", A1)
show("a_2", A2)
assert A1.known(0, 5) == [-1, 0, 2, 0, x4_value] and A2.known(0, 5) == [0, 0, 2, 0, y4_value]

# %% [markdown]
# The proof is by substitution. With these polynomials in $t$ the residual $t^2M^{-1}E$ vanishes below $t^9$, so by the
# contraction they agree with the family below $t^9$. The library iterates the same way, with the inverse of the whole
# Jacobian in place of $t^2M^{-1}$, so that a step adds many terms at once; its answer agrees, and it states its proof.

# %%
e1, e2 = Plane(A1, A2).equations()
assert not e1 and not e2
assert min(e1.precision, e2.precision) + 2 == ORDER + 1

family = symrelu.family("1b").series(ORDER)
assert family.entries["a_1"] == A1 and family.entries["a_2"] == A2
print(family.proof)

# %% [markdown]
# ## 5. The loss
#
# How many terms of the entries does the loss need? The gradient vanishes along the family $a^*$, so a truncation error
# $\delta=O(t^n)$ of the entries enters the loss only through the Hessian $H$ of the reduced loss:
#
# $$\mathcal L(a^*+\delta)-\mathcal L(a^*)=\tfrac12\,\delta^\top H\delta+\dots$$
#
# From $F_1=\frac{d}{2\pi}E_1$, $F_2=\frac{d(d-1)}{2\pi}E_2$ and $E(a^*+\delta)=t^{-2}M\delta+\dots$, the largest entry
# is $H_{22}=\frac14t^{-6}+\dots$, so the error of the loss is $O(t^{2n-6})$. For equation (4), which stops before
# $t^3$, we need $2n-6\ge3$, that is $n=5$: the four coefficients $x_2,y_2,x_4,y_4$ of step 3 suffice. (The terms beyond
# the quadratic one are smaller, by the form of $E$ in step 4 and $n\ge4$.)

# %%
hessian = problem.at(SeriesArithmetic(QPI), [A1, A2], monomial(QPI, 1, -2)).hessian()
assert [[h.valuation for h in row] for row in hessian] == [[-4, -4], [-4, -6]]
assert hessian[1][1].leading * 4 == 1

# %% [markdown]
# So we substitute the exact polynomials $-1+2t^2+x_4t^4$ and $2t^2+y_4t^4$ into the loss of step 1.

# %%
loss = Plane(A1.truncate(5).exact().truncate(12), A2.truncate(5).exact().truncate(12)).loss().truncate(3)
show(r"\mathcal{L}", loss)

over_pi = 1 / QPI.pi
equation_4 = [QPI(1) / 2 - over_pi, -4 * over_pi / 3, QPI(-1) / 2 - 2 * over_pi * over_pi + 3 * over_pi]
assert loss.known(0, 3) == equation_4
assert family.loss.known(0, 3) == equation_4

# %% [markdown]
# This is equation (4).
#
# The terms $x_4,y_4$ of order $d^{-2}$ are needed, although the paper's Theorem 1 prints the entries only to order
# $d^{-1}$. With $a_1=-1+\frac2d$, $a_2=\frac2d$ alone the coefficient of $d^{-1}$ in the loss comes out too large, by
# $\frac12H_{22}\,(y_4t^4)^2=\frac18y_4^2\,t^2$:

# %%
too_short = Plane(A1.truncate(3).exact().truncate(12), A2.truncate(3).exact().truncate(12)).loss()
assert too_short[0] == equation_4[0] and too_short[1] == equation_4[1]
excess = too_short[2] - equation_4[2]
assert excess == y4_value * y4_value / 8
assert excess == QPI(1) / 2 - 2 * over_pi + 2 * over_pi * over_pi

# %% [markdown]
# The entries to $t^8$, that is $n=9$, give the loss below $t^{12}$. The library's loss to that order is computed from
# more terms of the entries, and agrees.

# %%
longer = Plane(A1.exact().truncate(20), A2.exact().truncate(20)).loss().truncate(12)
assert longer == symrelu.family("1b").series(11).loss
show(r"\mathcal{L}", longer.truncate(6))

# %% [markdown]
# ## 6. A check without series
#
# Finally we solve $F(a_1,a_2,d)=0$, as the paper prints it, by Newton's method in sixty digits at two values of $d$ a
# factor $4$ apart, so that $t$ is halved. An expansion that is right below $t^N$ must then see its error divided by
# about $2^N$: here $N=9$ for our entries and $N=3$ for equation (4).

# %%
angle_values = {
    alpha: sympy.acos(inner / norm_squared),
    beta: sympy.acos(a1 / sympy.sqrt(norm_squared)),
    beta_other: sympy.acos(a2 / sympy.sqrt(norm_squared)),
    nu: sympy.sqrt(norm_squared),
}
numeric_F = [sympy.lambdify((a1, a2, d), f.xreplace(angle_values), "mpmath") for f in (paper_F1, paper_F2)]
numeric_loss = sympy.lambdify((a1, a2, d), (loss_by_hand / (2 * pi)).subs(exact_roots), "mpmath")


def to_mpmath(x):
    """An element of Q(pi) as a number of the working precision."""
    return mpmath.mpf(sympy.N(QPI.sympy(x), mpmath.mp.dps + 5))


def errors(dimension):
    """How far the truncated series are from the solution of F = 0: for a_1, a_2 and the loss."""
    root = 1 / mpmath.sqrt(dimension)
    guess = [x.evaluate(root, to_mpmath) for x in (A1, A2)]
    solution = mpmath.findroot(lambda x, y: [f(x, y, dimension) for f in numeric_F], guess, tol=mpmath.mpf(10) ** -80)
    value = numeric_loss(*solution, dimension)
    predicted = [*guess, loss.evaluate(root, to_mpmath)]
    return [abs(x - y) for x, y in zip([*solution, value], predicted, strict=True)]


with mpmath.workdps(60):
    coarse, fine = errors(mpmath.mpf(10) ** 6), errors(4 * mpmath.mpf(10) ** 6)
    orders = [mpmath.log(x / y, 2) for x, y in zip(coarse, fine, strict=True)]
print("observed orders in t:", ", ".join(mpmath.nstr(x, 5) for x in orders))
assert [int(mpmath.nint(x)) for x in orders] == [9, 9, 3]

# %% [markdown]
# The same steps, with larger blocks and more coordinates, give every other family of the paper: the command
# `symrelu series 2a --order 8` carries them out for case 2a.
