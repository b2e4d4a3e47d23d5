# %% [markdown]
# # More neurons, and k as a real number
#
# The conclusion of Y. Arjevani and M. Field, *Analytic study of families of spurious minima in two-layer ReLU neural
# networks: a tale of symmetry II* (2021, arXiv:2107.10370), reports experiments: "*continuously* increasing $k$ and
# leaving $d$ fixed turns families of spurious minima into saddles. (The objective value seems to remain constant.)"
# Section 3 calls this a reversal of the process by which the minima are created as $d$ grows.
#
# A network with $\frac{41}2$ neurons has to be defined before this is true or false. We give three definitions and
# prove what each makes of the remark:
#
# * **Copies** (steps 1 to 6). $m$ equal neurons $w/m$ are the neuron $w$, for every real $m>0$. The objective is
#   exactly constant in $k$, and a minimum turns into a saddle *at once*, for every real $k>d$, or for no $k$ at all:
#   as a form $D$ of the row that is copied has a negative eigenvalue or not. There is no threshold in $k$ to compute
#   but $k=d$, and no bifurcation: no eigenvalue passes through $0$ as $k$ moves. For the spurious families of
#   Theorem 1, $D$ has negative eigenvalues for every row.
# * **A neuron that starts at 0** (step 7). *Every* critical point of positive loss stops being a minimum when one
#   neuron is added at $0$, at the same objective, for every homogeneous activation.
# * **$k$ in place of $d$ in the formulas** (step 8). The objective then falls at a rate of order one, below zero at the
#   target: this is the loss of no network.
#
# So the remark holds, in a sharper form, under the first two definitions, with the threshold $k=d$. What it does not
# mean is that networks with a few neurons more have no spurious minima: step 9. Checks are exact where no decimals are
# mentioned.
#
# 1. [Neurons of real multiplicity](#1.-Neurons-of-real-multiplicity)
# 2. [Second derivatives at copies](#2.-Second-derivatives-at-copies)
# 3. [The Hessian of a split network](#3.-The-Hessian-of-a-split-network)
# 4. [Index and nullity for real k](#4.-Index-and-nullity-for-real-k)
# 5. [The form D along the family 1b](#5.-The-form-D-along-the-family-1b)
# 6. [All rows of all the families](#6.-All-rows-of-all-the-families)
# 7. [A neuron that starts at 0](#7.-A-neuron-that-starts-at-0)
# 8. [k in place of d](#8.-k-in-place-of-d)
# 9. [What is left for more neurons](#9.-What-is-left-for-more-neurons)

# %%
from fractions import Fraction

import mpmath
import numpy as np
import sympy

import symrelu
from symrelu import FixedSpace, Isotropy
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.model.kernels import RELU, P, Q, S
from symrelu.model.reduced import Problem
from symrelu.paths.newton import polish
from symrelu.reference.dense import loss as dense_loss
from symrelu.reference.hessian import first_layer_hessian, hessian, kernel_second_derivatives
from symrelu.series.leading import dimension
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.splitting import point_widths, width_series, widths

pi = sympy.pi

# %% [markdown]
# ## 1. Neurons of real multiplicity
#
# The kernel $\kappa(w,v)$ of two ReLU neurons is homogeneous of degree one in each of them:
# $\kappa(cw,v)=c\,\kappa(w,v)$ for $c>0$.

# %%
c, m = sympy.symbols("c m", positive=True)
p, q, s = sympy.symbols("p q s", positive=True)

assert sympy.simplify(RELU(c**2 * p, q, c * s) - c * RELU(p, q, s)) == 0
assert RELU.is_homogeneous()

# %% [markdown]
# Take an orbit of $m$ equal neurons $w/m$. In the reduced loss the size of an orbit is a number like any other: the
# orbit enters $\frac12\sum\kappa(w_i,w_j)$ with itself by $\frac{m^2}2\kappa(w/m,w/m)$ and with any other neuron or
# target by $m\,\kappa(w/m,v)$. Neither depends on $m$, and $m$ may be any positive *real* number. So may
# $k=\sum_i m_i$. The derivative by the entries of one copy is that by the entries of $w$: $\nabla_w\kappa$ is
# homogeneous of degree $0$. Hence
#
# > **Proposition 1.** For real multiplicities $m_i>0$ the network, the loss and the equations of criticality do not
# > depend on the $m_i$. In particular the objective is *exactly* constant as $k$ is increased by copies.

# %%
itself, other = RELU(p, p, p), RELU(p, q, s)
assert sympy.simplify(m**2 / 2 * itself.subs(p, p / m**2) - itself / 2) == 0
assert sympy.simplify(m * RELU(p / m**2, q, s / m) - other) == 0

# grad_w kappa = 2 kappa_p w + kappa_s v, here at c w: (2 kappa_p c) w + kappa_s v does not depend on c
k_p, k_s = (sympy.diff(RELU(P, Q, S), x).subs({P: p, Q: q, S: s}) for x in (P, S))
at_c = {p: c**2 * p, s: c * s}
assert sympy.simplify(c * k_p.subs(at_c, simultaneous=True) - k_p) == 0
assert sympy.simplify(k_s.subs(at_c, simultaneous=True) - k_s) == 0

# %% [markdown]
# The orbit rules of the package say the same where the size of the orbit is no integer. We give the $d$ equal rows
# of a block that moves rows alone, of size $d/3$ at $d=7$, and compare with one row (decimals):

# %%
A = MpmathArithmetic(40)
entries = [A.rational(Fraction(n, 10)) for n in (-8, 3)]
extra = A.rational(Fraction(2, 7))
many = Problem(FixedSpace(Isotropy.parse("d,d/3", "1,2", "1")), RELU)
one = Problem(FixedSpace(Isotropy.parse("d", "1,*", "1")), RELU)
copies = many.at(A, [*entries, extra / A.rational(Fraction(7, 3))], A.rational(7))
single = one.at(A, [*entries, extra], A.rational(7))
assert many.space.isotropy.k.at(Fraction(7)) == Fraction(28, 3)
assert abs(copies.loss() - single.loss()) < mpmath.mpf(10) ** -35
gap = [x - y for x, y in zip(copies.entry_gradient(), single.entry_gradient(), strict=True)]
assert max(abs(x) for x in gap) < mpmath.mpf(10) ** -35

# %% [markdown]
# ## 2. Second derivatives at copies
#
# Let
#
# $$\Phi(u)=\sum_j\kappa(u,w_j)-\sum_j\kappa(u,v_j),$$
#
# the first variation of the loss: what a further neuron $u$, infinitely small, adds to it. With the residual
# $r=f-f^*$ of the network it is $\Phi(u)=\mathbb E\,r(x)\varphi(\langle u,x\rangle)$. Put $D_i=\Phi''(w_i)$: the second
# derivative with all neurons kept fixed, $w_i$ itself included. By homogeneity
#
# $$\Phi''(cw)=\tfrac1c\Phi''(w),\qquad D_iw_i=0,$$
#
# and the mixed second derivative $M$ of $\kappa$ at two copies $(cw,c'w)$ does not depend on $c,c'$. For ReLU, where
# $\kappa(w,w')$ is $C^2$ at parallel $w,w'$ (Safran, Yehudai and Shamir 2021), $\partial_w^2\kappa(w,w')=0$ there, and
# $M=\frac12I$. We check the first on the unit circle, with $w=(1,0)$, $v=(\cos\theta,\sin\theta)$.

# %%
x, y, a, b = sympy.symbols("x y a b", real=True)
theta = sympy.Symbol("theta", positive=True)
kappa = RELU(x**2 + y**2, a**2 + b**2, x * a + y * b)
second = sympy.hessian(kappa, (x, y))


def at(matrix, scale, angle):
    """A matrix of derivatives at w = (scale, 0) and the unit vector v at an angle."""
    return matrix.subs({x: scale, y: 0, a: sympy.cos(angle), b: sympy.sin(angle)}).applyfunc(sympy.simplify)


for angle in (pi / 3, pi / 2, 3 * pi / 4):
    assert at(second, c, angle) == at(second, 1, angle) / c
    assert at(second, 1, angle) * sympy.Matrix([1, 0]) == sympy.zeros(2, 1)
    assert at(second, 1, angle)[1, 1] == sympy.sin(angle) / pi  # (1/2 pi) sin(theta) (I - ww' + nn')

# towards parallel vectors: the second derivative dies out and the mixed one tends to I/2 (numbers)
mixed = sympy.Matrix(2, 2, lambda i, j: sympy.diff(kappa, (x, y)[i], (a, b)[j]))
for matrix, limit in ((second, sympy.zeros(2, 2)), (mixed, sympy.eye(2) / 2)):
    near = matrix.subs({x: 1, y: 0, a: sympy.cos(theta), b: sympy.sin(theta)}).subs(theta, sympy.Rational(1, 10**6))
    assert max(abs(e) for e in (near - limit).evalf(30)) < 1e-6

# %% [markdown]
# ## 3. The Hessian of a split network
#
# Replace $w_i$ by $m$ copies $c_1w_i,\dots,c_mw_i$ with $c_l>0$ and $\sum_lc_l=1$. Move the copies by $h_1,\dots,h_m$,
# and the other rows as before; let $N[h]$ stand for the mixed terms of $w_i$ with the other rows. The second variation
# is
#
# $$\sum_l\tfrac1{c_l}D_i[h_l,h_l]+\sum_{l,l'}M[h_l,h_{l'}]+2\sum_lN[h_l]+\text{(other rows)}.$$
#
# Write $h_l=c_lh+g_l$ with $h=\sum_lh_l$, so that $\sum_lg_l=0$. Then the mixed terms $2D_i[h,\sum g_l]$ vanish, and
#
# $$\text{(second variation)}=\underbrace{(D_i+M)[h,h]+2N[h]+\text{(other rows)}}_{\text{the Hessian before splitting}}
# +\sum_l\tfrac1{c_l}D_i[g_l,g_l].\tag{1}$$
#
# All forms are symmetric and bilinear, so (1) may be checked on numbers in place of vectors.

# %%
d_form, m_form, n_form = sympy.symbols("D M N")
h1, h2, h3, c1, c2 = sympy.symbols("h1 h2 h3 c1 c2")
shifts, shares = (h1, h2, h3), (c1, c2, 1 - c1 - c2)
h = sum(shifts)
g = [hl - cl * h for hl, cl in zip(shifts, shares, strict=True)]
left = sum(d_form * hl**2 / cl for hl, cl in zip(shifts, shares, strict=True)) + m_form * h**2 + 2 * n_form * h
right = (d_form + m_form) * h**2 + 2 * n_form * h + sum(d_form * gl**2 / cl for gl, cl in zip(g, shares, strict=True))
assert sympy.simplify(sum(g)) == 0
assert sympy.simplify(left - right) == 0

# %% [markdown]
# ## 4. Index and nullity for real k
#
# (1) is a congruence: $H_{\text{split}}\cong H\oplus(D_i\otimes\operatorname{diag}(1/c_l)|_{\sum g=0})$. By Sylvester's
# law the $c_l$ do not matter. The $g$'s are $\mathbb R^d\otimes{}$(the standard representation of $S_m$), of dimension
# $m-1$.
#
# > **Theorem 2.** At a critical point let neuron $i$ be replaced by $m_i\ge1$ copies, and $k=\sum_im_i$. Then
# >
# > $$\operatorname{ind}(k)=\operatorname{ind}+\sum_i(m_i-1)\operatorname{ind}(D_i),\qquad
# > \operatorname{null}(k)=\operatorname{null}+\sum_i(m_i-1)\operatorname{null}(D_i),$$
# >
# > and $\operatorname{null}(D_i)\ge1$.
# >
# > For real $m_i$ this is the count with the formal dimension $m_i-1$, and the inertia of each block is that of $D_i$,
# > whatever $m_i$.
# >
# > **Corollary 3.** If the point is a minimum of the loss with $k_0$ neurons, then for copies of neuron $i$ either
# > every real $k>k_0$ gives a negative direction, or none does: as $D_i$ has a negative eigenvalue or not. No other
# > number is a threshold.
#
# So what the paper calls a turning of minima into saddles happens *at* $k=d$: the new directions do not come from an
# eigenvalue that changes sign, they are not there before. They enter with multiplicity $m-1$, which for $k\to d$ tends
# to $0$ continuously, and with eigenvalues that do not tend to $0$. Every other eigenvalue keeps its sign. The nullity
# counts the line of critical points $(c_1,\dots,c_m)$: split points are degenerate, and never isolated.
#
# Against dense Hessians, from the definition (decimals): 2a at $d=6$, its first row in three unequal parts.

# %%
d = 6
family = symrelu.family("2a")
W = np.asarray(family.space.matrix([float(e.value) for e in family.at(d, 15).entries.values()], d))
V, ones = np.eye(d), np.ones


def inertia(matrix):
    """How many eigenvalues are negative, and how many zero."""
    values = np.linalg.eigvalsh(matrix)
    return int(np.sum(values < -1e-9)), int(np.sum(abs(values) < 1e-9))


D = kernel_second_derivatives(W[0], W[1:], ones(d - 1)) - kernel_second_derivatives(W[0], V, ones(d))
split = np.vstack([0.2 * W[0], 0.3 * W[0], 0.5 * W[0], W[1:]])
before = first_layer_hessian(W, ones(d), V, ones(d))
after = first_layer_hessian(split, ones(d + 2), V, ones(d))
assert inertia(D) == (5, 1) and np.linalg.norm(D @ W[0]) < 1e-14
assert inertia(before) == (0, 0)
assert inertia(after) == (0 + 2 * 5, 0 + 2 * 1)
assert inertia(hessian(split, ones(d + 2), V, ones(d))) == (10, 2 + (d + 2))  # both layers: the k rescalings too
assert abs(dense_loss(W, ones(d), V, ones(d)) - dense_loss(split, ones(d + 2), V, ones(d))) < 1e-14

# %% [markdown]
# The package has the same from its blocks, for real $k$ as well:

# %%
at_six = widths(family, 6)
assert [row.negative for row in at_six.rows] == [5, 5]
assert at_six.threshold == 6
assert at_six.at(Fraction(13, 2)).least == Fraction(5, 2) and at_six.at(8).least == 10
assert [at_six.at(k).verdict for k in (6, Fraction(6001, 1000), 7, 8)] == ["minimum", "saddle", "saddle", "saddle"]

# %% [markdown]
# ## 5. The form D along the family 1b
#
# With unit vectors $\hat w,\hat w_j$ and $n_j$ the unit vector of $w_j$ orthogonal to $w$,
# $\partial_w^2\kappa(w,w_j)=\frac1{2\pi}\frac{|w_j|}{|w|}\sin\theta_j\,(I-\hat w\hat w^\top+n_jn_j^\top)$. Therefore
#
# $$D_i=\frac1{2\pi|w_i|}\Bigl[\sum_{j\ne i}|w_j|\sin\theta_j(I-\hat w_i\hat w_i^\top+n_jn_j^\top)
# -\sum_j\sin\beta_j(I-\hat w_i\hat w_i^\top+\nu_j\nu_j^\top)\Bigr],$$
#
# where $\beta_j$ are the angles with the targets. Along 1b, $w_i\approx-e_i+\frac2d\mathbf 1$. All angles tend to
# $\frac\pi2$ but the one with its own target, which is $\pi-2t$, $t=d^{-1/2}$. So $d-1$ sines of students cancel
# against $d-1$ sines of targets up to $O(t^2)$, and the own target is left: $\sin\beta_i=2t$, with $\nu_i$ along the
# other columns, $(\mathbf 1-e_i)/\sqrt{d-1}$. At leading order
#
# $$D_i=-\frac t\pi\bigl(I-e_ie_i^\top+\nu\nu^\top\bigr):\qquad-\frac t\pi\ \ (d-2\text{ times}),\qquad-\frac{2t}\pi,
# \qquad0\text{ along }w_i.$$
#
# For large $d$ every splitting of every neuron of 1b has the largest index it can have, $d-1$ for each neuron more. The
# exact series agree:

# %%
series = {name: width_series(symrelu.family(name), 2) for name in ("1b", "2a", "2b")}
own_angle = symrelu.family("1b").series(3).angle(1, 1, target=True, same=True)
assert str(own_angle).startswith("pi - 2*t")
found = {b.component.name: [b.series.field.text(b.series[n]) for n in (0, 1, 2)] for b in series["1b"].branches}
assert found == {"t": ["0", "-2/pi", "1/pi + 4/pi**2"], "s1": ["0", "-1/pi", "1/pi"]}
assert [str(b.multiplicity) for b in series["1b"].branches] == ["1", "d - 2"]

# %% [markdown]
# ## 6. All rows of all the families
#
# On the standard representation of the large block, of dimension nearly $d$, $D$ is a number. Its leading terms, with
# $m$ the size of the small block:
#
# | row | 2a, 3a, 4 | 1b, 2b, 3b |
# |---|---|---|
# | of the large block | $-\frac{\sqrt m}{\pi}t^2$ | $-\frac1\pi t$ |
# | of the small block | $-\frac2{\pi^2}t$ | $\bigl(-\frac1\pi+\frac2{\pi^2}\bigr)t$ |
#
# All negative. (Where they are of order $t$, they are twice the numbers by which the Hessian spectra of these families
# part at order $t$: an eigenvalue of two rows $i,j$ is moved by $\frac12(D_i+D_j)$.) In the trivial component of the
# rows of the large block, 2a has one eigenvalue that is positive for large $d$. So
#
# > **Theorem 4.** For each of 1b, 2a, 2b, 3a, 3b and 4 and all large $d$, splitting any neuron gives a saddle with at
# > least $d-O(1)$ negative directions, for every real $k>d$.
#
# Along the certified paths the same signs are proved in balls for *every* real $d$ from some $d$ on
# (`symrelu widths 1b --from-d 6`). The cell checks 1b, 2a and 2b; `symrelu widths 3a` prints the rest.

# %%
expected = {"1b": ["-1/pi"], "2a": ["0", "-2/pi**2"], "2b": ["-1/pi", "-1/pi + 2/pi**2"]}
for name, result in series.items():
    for row, number in enumerate(expected[name]):
        (branch,) = [b for b in result.branches if b.row == row and b.component.name == "s1"]
        assert branch.series.field.text(branch.series[1]) == number
        assert branch in result.negative(row)
large = next(b.series for b in series["2a"].branches if b.row == 0 and b.component.name == "s1")
assert large.field.text(large[2]) == "-1/pi"
assert [len(series["2a"].negative(row)) for row in (0, 1)] == [2, 2]  # of three, and of two
positive = [b for b in series["2a"].branches if b not in series["2a"].negative(b.row)]
assert [(b.row, b.component.name, str(b.multiplicity)) for b in positive] == [(0, "t", "1")]

# %% [markdown]
# ## 7. A neuron that starts at 0
#
# Add a neuron $su$, $s\ge0$, to a critical point: exactly
#
# $$L(s)=L+s\,\Phi(u)+\tfrac{s^2}2\kappa(u,u).$$
#
# By Euler $\Phi(w_i)=\langle w_i,\nabla\Phi(w_i)\rangle=0$ for all neurons, so with $r=f-f^*$
#
# $$\sum_j\Phi(v_j)=\sum_j\Phi(v_j)-\sum_i\Phi(w_i)=\mathbb E\,r(f^*-f)=-2L.$$
#
# > **Theorem 5.** Let $W$ be a critical point with $L>0$ for a positively homogeneous activation. Then
# > $\Phi(v_j)\le-2L/d$ for some target $v_j$: with one more neuron, at $0$, the point has the same objective and is no
# > local minimum. Some network with one neuron more has loss at most $L-\Phi(v_j)^2\le L-4L^2/d^2$ (ReLU, $|v_j|=1$).
#
# This is the definition under which the remark holds without any condition. It is the limit $c\to0$ of the split
# points $((1-c)w_i,cw_i)$, which have the objective $L$ for all $c$. Hence even a split point with $D_i\ge0$ would be
# no obstacle: a line of constant objective leads from it to a point with a direction of descent.
#
# Exactly for 1b and 2a, as series, and for the value of $L(s)$ in SymPy:

# %%
total = {}
for name in ("1b", "2a"):
    result = width_series(symrelu.family(name), 5)
    total[name] = 2 * result.loss
    for size, slope in result.slopes:
        total[name] = total[name] + slope * size.at(dimension(slope.field))
    assert not total[name].coefficients and total[name].precision == 4  # 0 + O(t**4)

slope, size, loss_value = sympy.symbols("slope size loss", real=True)
gain = loss_value + size * slope + size**2 * RELU(p, p, p).subs(p, 1) / 2
assert sympy.simplify(gain.subs(size, sympy.solve(sympy.diff(gain, size), size)[0])) == loss_value - slope**2

# %% [markdown]
# ## 8. k in place of d
#
# A third reading makes the number of rows of an orbit real while the rows stay *different*: in the loss of
# $\Delta S_d$, $n$ rows and $d$ targets,
#
# $$L=\tfrac n2\bigl(\kappa_s+(n-1)\kappa_o\bigr)-n\,X+\text{const},$$
#
# with $\kappa_s=\kappa(w,w)$, $\kappa_o=\kappa(w,w')$ for two rows and $X$ the sum over the targets. Euler at $n=d$
# gives $X=\kappa_s+(n-1)\kappa_o$, and so
#
# $$\frac{dL}{dn}=-\tfrac12(\kappa_s-\kappa_o)<0$$
#
# by Cauchy and Schwarz (by the envelope theorem also along the path of critical points). That objective does not stay.
# At the target itself it is
#
# $$\frac{(n-d)^2}{4\pi}-\frac{n-d}4\Bigl(1-\frac1\pi\Bigr),$$
#
# negative for $n$ a little above $d$: no network has it. Read so, the remark is false.

# %%
n, dim, same, distinct = sympy.symbols("n d kappa_s kappa_o", positive=True)
targets = sympy.Symbol("X")
formula = n / 2 * (same + (n - 1) * distinct) - n * targets
euler = {targets: same + (n - 1) * distinct}
assert sympy.simplify(sympy.diff(formula, n).subs(euler) + (same - distinct) / 2) == 0

unit = {same: sympy.Rational(1, 2), distinct: 1 / (2 * pi)}
own = same + (dim - 1) * distinct
at_target = (formula.subs(targets, own) + dim * own / 2).subs(unit)
claimed = (n - dim) ** 2 / (4 * pi) - (n - dim) * (1 - 1 / pi) / 4
assert sympy.simplify(at_target - claimed) == 0
assert claimed.subs({n: dim + sympy.Rational(1, 10)}).subs(dim, 6) < 0

# %% [markdown]
# ## 9. What is left for more neurons
#
# The theorems speak of the points that one has with $d$ neurons. With $d+1$ there are others, which are no splittings.
# In $\Delta(S_{d-2}\times S_2)$ with one fixed row more, a critical point with $d=9$, $k=10$ is a minimum of loss
# $0.0346$: 3a, with $k=d=9$, has $0.0375$. As $d$ falls it turns into a saddle at $d=8.826$, where 3a does at $7.561$.
# Its own splittings, with $k\ge11$, are saddles again: every row has $d-1$ negative directions. (Decimals; found by
# Newton's method.)

# %%
problem = Problem(FixedSpace(Isotropy.parse("d-2,2", "1,2,*", "1,2")), RELU)
near = [0.973797, -0.0490616, 0.2147185, 0.0728211, -0.588594, 0.188074, 0.1744257, -0.1535695]
A = MpmathArithmetic(40)
values = polish(problem, A, near, A.rational(9), 1e-4)
wider = point_widths(problem, A, values, Fraction(9), 15)
assert wider.k == 10 and wider.index == 0
assert abs(float(wider.loss.value) - 0.034564694) < 1e-8
assert abs(float(symrelu.family("3a").at(9, 10).loss.value) - 0.037488963) < 1e-8
assert [row.negative for row in wider.rows] == [8, 8, 8]

lower, upper = Fraction(8826139, 10**6), Fraction(8826140, 10**6)
turned = []
for d in (Fraction(89, 10), upper, lower):
    values = polish(problem, A, values, A.rational(d), 0.05)
    turned.append(min(v.value for v in eigenvalues_at(problem, A, values, d, 1)) < 0)
assert turned == [False, False, True]
