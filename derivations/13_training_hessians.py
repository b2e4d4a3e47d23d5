# %% [markdown]
# # What training Hessians converge to
#
# The theorems speak of the population loss $\mathcal L=\frac12\mathbb E\,r(x)^2$, $r=f-f^*$. A training loss
# $\mathcal L_N=\frac1{2N}\sum_nr(x_n)^2$ converges to it, and so does its gradient. The Hessian that automatic
# differentiation computes does not. We derive its limit:
#
# $$\nabla^2\mathcal L_N\longrightarrow H-\operatorname{Diag}(B_1,\dots,B_k),\qquad
# B_i=\frac{\alpha_i}{\sqrt{2\pi}\,|w_i|}\,\mathbb E\bigl[r(x_P)\,x_Px_P^\top\bigr],$$
#
# with $H$ the population Hessian and $x_P$ the part of $x$ orthogonal to $w_i$. In the first layer the left side is
# positive semidefinite at *every* $W$ and for every $N$, so **no saddle shows in it**.

# %%
import numpy as np
import sympy

import symrelu
from symrelu.model.dense import DenseLoss
from symrelu.samples.laws import law_named
from symrelu.samples.limits import boundary_term, limit_hessian
from symrelu.samples.training_loss import TrainingLoss

# %% [markdown]
# ## 1. What is computed
#
# Near $W$ no input lies on a hyperplane $\langle w_i,x\rangle=0$, almost surely. There $\mathcal L_N$ is a polynomial,
# and its Hessian by $W$ is the mean of $JJ^\top$, $J=(\alpha_i\varphi'(z_i)x)_i$: a Gram matrix. By the law of large
# numbers it converges to
#
# $$\mathbb E[\alpha_i\alpha_j\varphi'(z_i)\varphi'(z_j)xx^\top]=\alpha_i\alpha_j
# \frac{\partial^2\kappa}{\partial w_i\,\partial w_j},$$
#
# as $\kappa(w,v)=\mathbb E\,\varphi(\langle w,x\rangle)\varphi(\langle v,x\rangle)$ may be differentiated once by each
# argument under the integral. The population Hessian has these, and in its diagonal blocks what comes from
# differentiating one factor twice: $B_i=\alpha_i\Phi''(w_i)$, $\Phi(u)=\mathbb E[\varphi(\langle u,x\rangle)r(x)]$.
# With $\varphi''$ the delta function, that is the residual on the hyperplane where neuron $i$ switches: the formula
# above.
#
# ## 2. An example in closed form
#
# $d=2$, $w_1=ae_1$, $w_2=(b_1,b_2)$ with $a,b_2>0$ and the target $I$. On $x\perp w_1$, $x=\xi e_2$, the residual is
# $r=(b_2-1)\max(0,\xi)$, and $\mathbb E[\max(0,\xi)\,\xi^2]=\sqrt{2/\pi}$. Hence $B_1=\frac{b_2-1}{\pi a}e_2e_2^\top$.

# %%
xi = sympy.Symbol("xi", real=True)
density = sympy.exp(-(xi**2) / 2) / sympy.sqrt(2 * sympy.pi)
moment = sympy.integrate(xi**3 * density, (xi, 0, sympy.oo))
assert sympy.simplify(moment - sympy.sqrt(2 / sympy.pi)) == 0
a, b1, b2 = sympy.symbols("a b_1 b_2", positive=True)
B_1 = sympy.simplify((b2 - 1) * moment / (sympy.sqrt(2 * sympy.pi) * a))
assert sympy.simplify(B_1 - (b2 - 1) / (sympy.pi * a)) == 0

at = {a: sympy.Rational(3, 2), b1: sympy.Rational(-1, 2), b2: sympy.Rational(1, 4)}
W = np.array([[1.5, 0.0], [-0.5, 0.25]])
first, _ = boundary_term(DenseLoss(np.eye(2)), W)
assert np.allclose(first, [[0, 0], [0, float(B_1.subs(at))]], atol=1e-14)

# %% [markdown]
# ## 3. A saddle that no training Hessian shows
#
# At $d=5$ the family 2a is below [its threshold](09_thresholds.py) $5.5855$, hence a saddle. The limit of training
# Hessians there, $H-\operatorname{Diag}(B)$, is positive semidefinite; every negative direction comes from $B$. At the
# target itself the residual is $0$, and so is $B$. Always $B_iw_i=0$.

# %%
W = symrelu.family("2a").at(5).matrix()
population = DenseLoss(np.eye(5))
H, limit = population.hessian(W), limit_hessian(population, W)
B = boundary_term(population, W)
assert np.max(np.abs(population.row_gradient(W))) < 1e-14
assert np.sum(np.linalg.eigvalsh(H) < -1e-6) == 3  # s1 of S_4
assert np.linalg.eigvalsh(limit)[0] > -1e-14
assert max(np.max(np.abs(block @ row)) for block, row in zip(B, W, strict=True)) < 1e-14
assert np.max(np.abs(boundary_term(population, np.eye(5)))) < 1e-14
print("smallest eigenvalues: population", np.linalg.eigvalsh(H)[0], " limit", np.linalg.eigvalsh(limit)[0])

# %% [markdown]
# ## 4. Samples
#
# With $N$ Gaussian inputs the Hessian of the training loss comes near that limit, like $N^{-1/2}$, and stays away from
# the population's by the norm of $B$. (Random inputs with a fixed seed.)

# %%
rng = np.random.default_rng(5)
distances = []
for n in (2_000, 128_000):
    sample = TrainingLoss.drawn(n, law_named("gaussian"), population, rng).hessian(W)
    assert np.linalg.eigvalsh(sample)[0] > -1e-12
    distances.append([np.linalg.norm(sample - limit, 2), np.linalg.norm(sample - H, 2)])
print("distances to the limit and to the population Hessian:", np.round(distances, 4).tolist())
size = max(np.linalg.norm(block, 2) for block in B)
(near, _), (nearer, far) = distances
assert 4 < near / nearer < 16  # 8 = sqrt(64) but for chance
assert nearer < size / 5 and abs(far - size) < 2 * nearer

# %% [markdown]
# ## 5. What does converge
#
# Difference quotients of the *gradient* over a step that contains many kinks converge to $H$, and so does a Hessian in
# which each kink is smoothed over a relative width $h$: its mean is
# $H-\operatorname{Diag}(B)+\operatorname{Diag}(B(h))$ exactly, with $B(h)\to B$ of order $h^2$ for a point like this.
# `symrelu samples 2a --d 5` measures all of them.

# %%
errors = [np.linalg.norm(limit_hessian(population, W, width=h) - H, 2) for h in (0.2, 0.1, 0.05)]
print("smoothed Hessian minus H for h = 0.2, 0.1, 0.05:", np.round(errors, 6).tolist())
orders = [np.log2(x / y) for x, y in zip(errors, errors[1:], strict=False)]
assert all(abs(order - 2) < 0.2 for order in orders)
assert np.linalg.eigvalsh(limit_hessian(population, W, width=0.05))[0] < 0  # the saddle shows
