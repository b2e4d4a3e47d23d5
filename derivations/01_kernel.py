# %% [markdown]
# # The kernel and its derivatives
#
# The loss of a two-layer ReLU network knows its rows only through one function of three Gram entries. We compute it
# from its definition, differentiate it twice, and write both in a form without divisions where rows become parallel.
# Every formula is checked by the cell that follows it, exactly. The next documents start from here.

# %%
import builtins

import sympy

from symrelu.model.kernels import PSI, RELU, G, P, Q, S


def show(label, value):
    """Display a formula in a notebook, or print it in a terminal."""
    if hasattr(builtins, "__IPYTHON__"):
        from IPython.display import Math, display

        display(Math(rf"{label} = {sympy.latex(value)}"))
    else:
        print(f"{label} = {value}")


# %% [markdown]
# ## 1. The kernel
#
# Let $x\sim N(0,I_d)$ and $\varphi(z)=\max(0,z)$. All we need to know of the network is
#
# $$\kappa(w,v)=\mathbb E\,\varphi(\langle w,x\rangle)\,\varphi(\langle v,x\rangle).$$
#
# Only the projection of $x$ to the plane of $w$ and $v$ matters, and that is a standard Gaussian in the plane. In polar
# coordinates, with $w$ in direction $0$ and $v$ in direction $\theta\in[0,\pi]$, both factors are positive for
# $\theta-\frac\pi2<u<\frac\pi2$, so that
#
# $$\kappa(w,v)=\frac{|w||v|}{2\pi}\int_0^\infty r^3e^{-r^2/2}\,dr\int_{\theta-\pi/2}^{\pi/2}\cos u\,\cos(u-\theta)\,du
# =\frac{|w||v|}{2\pi}\bigl(\sin\theta+(\pi-\theta)\cos\theta\bigr).$$
#
# This is the arc-cosine kernel of degree one (Cho and Saul, 2009).

# %%
r, u = sympy.symbols("r u", positive=True)
theta = sympy.Symbol("theta", positive=True)

radial = sympy.integrate(r**3 * sympy.exp(-(r**2) / 2), (r, 0, sympy.oo))
angular = sympy.integrate(sympy.cos(u) * sympy.cos(u - theta), (u, theta - sympy.pi / 2, sympy.pi / 2))
assert radial == 2
assert sympy.simplify(radial * angular - (sympy.sin(theta) + (sympy.pi - theta) * sympy.cos(theta))) == 0

# %% [markdown]
# So $\kappa$ is a function of three Gram entries $p=\langle w,w\rangle$, $q=\langle v,v\rangle$, $s=\langle
# w,v\rangle$. All its roots and angles sit in two functions of them,
#
# $$g=\sqrt{pq-s^2}=|w||v|\sin\theta,\qquad \psi=\pi-\theta,\qquad\text{and}\qquad 2\pi\kappa=g+\psi s.$$
#
# We write $\hat\kappa=2\pi\kappa$ throughout. For parallel, orthogonal and opposite rows it is $\pi p$, $|w||v|$ and
# $0$. In `symrelu` a kernel is one SymPy function of $(p,q,s)$:

# %%
p, q, s = sympy.symbols("p q s", positive=True)
nu, mu = sympy.symbols("nu mu", positive=True)

kappa = RELU(p, q, s)
show(r"\kappa(p,q,s)", kappa)

c = sympy.Symbol("c", real=True)  # the cosine of theta
at_angle = kappa.subs({p: nu**2, q: mu**2, s: nu * mu * c}, simultaneous=True)
by_angle = nu * mu * (sympy.sqrt(1 - c**2) + (sympy.pi - sympy.acos(c)) * c) / (2 * sympy.pi)
assert sympy.simplify(at_angle - by_angle) == 0

assert RELU(p, p, p) == p / 2
assert sympy.simplify(RELU(nu**2, mu**2, 0) - nu * mu / (2 * sympy.pi)) == 0
assert RELU(p, p, -p) == 0

# %% [markdown]
# ## 2. Its partial derivatives
#
# From $g^2=pq-s^2$ and $\cos\psi=-s/\sqrt{pq}$,
#
# $$\frac{\partial g}{\partial p}=\frac{q}{2g},\quad\frac{\partial g}{\partial s}=-\frac sg,\qquad
# \frac{\partial\psi}{\partial p}=-\frac{s}{2pg},\quad\frac{\partial\psi}{\partial s}=\frac1g.$$
#
# In the first derivatives of $\hat\kappa=g+\psi s$ the divisions by $g$ cancel, for instance
# $\frac{q}{2g}-\frac{s^2}{2pg}=\frac{pq-s^2}{2pg}=\frac{g}{2p}$. The result is the *Gram form*
#
# $$\hat\kappa_p=\frac g{2p},\qquad \hat\kappa_s=\psi,$$
# $$\hat\kappa_{ss}=\frac1g,\quad \hat\kappa_{ps}=-\frac s{2pg},\quad \hat\kappa_{qs}=-\frac s{2qg},\quad
# \hat\kappa_{pq}=\frac1{4g},\quad \hat\kappa_{pp}=\frac q{4pg}-\frac g{2p^2}.$$
#
# We compare with SymPy's derivatives of the explicit kernel. To simplify them we put $p=\nu^2$, $q=\mu^2$, $s=\nu\mu c$
# with $c=\cos\theta$, which makes $g=\nu\mu\sqrt{1-c^2}$. The library keeps second derivatives without the part that is
# singular at parallel rows (`singular` below, modulo $s^2=pq-g^2$), written on perpendicular components.

# %%
g, psi = sympy.symbols("g psi", positive=True)
gram_form = {
    "p": g / (2 * p),
    "s": psi,
    "ss": 1 / g,
    "ps": -s / (2 * p * g),
    "qs": -s / (2 * q * g),
    "pq": 1 / (4 * g),
    "pp": q / (4 * p * g) - g / (2 * p**2),
}
singular = {
    "pp": s**2 / (4 * p**2 * g),
    "ps": -s / (2 * p * g),
    "ss": 1 / g,
    "pq": 1 / (4 * g),
    "qs": -s / (2 * q * g),
}
in_cosine = {g: nu * mu * sympy.sqrt(1 - c**2), psi: sympy.pi - sympy.acos(c), p: nu**2, q: mu**2, s: nu * mu * c}
library_names = {P: p, Q: q, S: s, G: g, PSI: psi}
for name, by_hand in gram_form.items():
    by_sympy = sympy.diff(2 * sympy.pi * kappa, *(sympy.Symbol(x, positive=True) for x in name))
    by_sympy, expected = (x.subs(in_cosine, simultaneous=True) for x in (by_sympy, by_hand))
    assert sympy.simplify(by_sympy - expected) == 0, name
    by_library = RELU.partials[name].xreplace(library_names) + singular.get(name, 0)
    assert sympy.expand(sympy.expand(by_library - by_hand).subs(s**2, p * q - g**2)) == 0, name

# %% [markdown]
# ## 3. First and second derivatives by rows
#
# The chain rule turns the first derivatives into the gradient with respect to a row,
#
# $$\nabla_w\hat\kappa(w,v)=2\hat\kappa_p\,w+\hat\kappa_s\,v=\frac gp\,w+\psi\,v,\qquad
# \nabla_w\,\tfrac12\hat\kappa(w,w)=\pi w,$$
#
# and the second ones into
#
# $$\frac{\partial^2\hat\kappa}{\partial w\,\partial w}=2\hat\kappa_pI+4\hat\kappa_{pp}ww^\top
# +2\hat\kappa_{ps}(wv^\top+vw^\top)+\hat\kappa_{ss}vv^\top,$$
# $$\frac{\partial^2\hat\kappa}{\partial w\,\partial v}=\hat\kappa_sI+4\hat\kappa_{pq}wv^\top
# +2\hat\kappa_{ps}ww^\top+2\hat\kappa_{qs}vv^\top+\hat\kappa_{ss}vw^\top.$$
#
# with the Gram form above. Let
# $z=v-\frac spw$ be the part of $v$ orthogonal to $w$. Since $pq=g^2+s^2$, the coefficient of $ww^\top$ is
# $\frac q{pg}-\frac{2g}{p^2}=\frac{s^2}{p^2g}-\frac g{p^2}$, which completes a square:
#
# $$\frac{\partial^2\hat\kappa}{\partial w\,\partial w}=\frac gp\Bigl(I-\frac{ww^\top}p\Bigr)+\frac{zz^\top}g,$$
# $$\frac{\partial^2\hat\kappa}{\partial w\,\partial v}=\psi I+\frac1g\Bigl(wv^\top+vw^\top-\frac spww^\top
# -\frac sqvv^\top\Bigr).$$
#
# The first matrix is positive semidefinite, with trace $\frac gp(d-1)+\frac{|z|^2}g=d\,\frac gp$. A row with itself
# adds $\frac12\hat\kappa(w,w)=\frac\pi2|w|^2$, with second derivative $\pi I$. (For parallel rows $g=0$; the second
# term of each matrix then has the limit $0$, although it looks like $\frac00$.)

# %%
k_ss, k_ps, k_qs, k_pq = 1 / g, -s / (2 * p * g), -s / (2 * q * g), 1 / (4 * g)
k_pp = q / (4 * p * g) - g / (2 * p**2)
on_ww, on_wv, on_vv = 4 * k_pp, 2 * k_ps, k_ss  # the chain rule for d2/dwdw, besides the identity
z_on_ww, z_on_wv, z_on_vv = s**2 / p**2 / g, -s / p / g, 1 / g  # zz'/g
assert sympy.simplify((on_ww - z_on_ww + g / p**2).subs(q, (g**2 + s**2) / p)) == 0
assert sympy.expand(on_wv - z_on_wv) == 0 and sympy.expand(on_vv - z_on_vv) == 0
assert (4 * k_pq, 2 * k_ps, 2 * k_qs) == (1 / g, -s / p / g, -s / q / g)

# %% [markdown]
# The library keeps the same two matrices as a regular part and one singular term. With $z'=w-\frac sqv$, the part of
# $w$ orthogonal to $v$, the second one is $\psi I+\frac g{pq}vw^\top+\frac1gz'z^\top$, again because of $pq=g^2+s^2$.

# %%
partial = {name: value.xreplace({P: p, Q: q, S: s, G: g, PSI: psi}) for name, value in RELU.partials.items()}
assert partial["p"] == g / (2 * p) and partial["s"] == psi and partial["perp"] == 1 / g
assert partial["pp"] == -g / (4 * p**2) and partial["vw"] == g / (p * q)
assert not any(partial[name] for name in ("ps", "ss", "pq", "qs"))
on_vw = partial["vw"] + partial["perp"] * s**2 / (p * q)  # zz' has the coefficient s^2/pq at vw'
assert sympy.simplify((on_vw - k_ss).subs(q, (g**2 + s**2) / p)) == 0

# %% [markdown]
# The two matrices agree with all second derivatives of the explicit kernel at a point of $\mathbb R^3\times\mathbb
# R^3$, exactly.

# %%
w = sympy.Matrix(sympy.symbols("w_1:4", real=True))
v = sympy.Matrix(sympy.symbols("v_1:4", real=True))
w0, v0 = sympy.Matrix([1, -2, 3]), sympy.Matrix([2, 1, -1])
p0, q0, s0 = w0.dot(w0), v0.dot(v0), w0.dot(v0)
g0, psi0 = sympy.sqrt(p0 * q0 - s0**2), sympy.pi - sympy.acos(s0 / sympy.sqrt(p0 * q0))
z0 = v0 - w0 * s0 / p0

twice = sympy.hessian(2 * sympy.pi * RELU(w.dot(w), v.dot(v), w.dot(v)), [*w, *v])
twice = twice.subs(dict(zip([*w, *v], [*w0, *v0], strict=True)))
ww = (sympy.eye(3) - w0 * w0.T / p0) * g0 / p0 + z0 * z0.T / g0
wv = psi0 * sympy.eye(3) + (w0 * v0.T + v0 * w0.T - w0 * w0.T * s0 / p0 - v0 * v0.T * s0 / q0) / g0
assert (twice[:3, :3] - ww).applyfunc(sympy.simplify) == sympy.zeros(3)
assert (twice[:3, 3:] - wv).applyfunc(sympy.simplify) == sympy.zeros(3)
assert sympy.simplify(ww.trace() - 3 * g0 / p0) == 0 and min(ww.applyfunc(sympy.N).eigenvals()) > -1e-12
