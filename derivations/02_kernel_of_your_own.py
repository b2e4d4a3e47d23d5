# %% [markdown]
# # A kernel of your own
#
# An activation enters symrelu through one function of three numbers, $\kappa(w,v)=E[\varphi(\langle w,x\rangle)
# \varphi(\langle v,x\rangle)]$ in terms of $p=|w|^2$, $q=|v|^2$, $s=\langle w,v\rangle$. Roots and angles are written
# with $g=\sqrt{pq-s^2}$ and $\psi=\pi-\theta$, where $\theta$ is the angle of $w$ and $v$. We add
# $\varphi(z)=\max(0,z)^2$, whose kernel is the arc-cosine kernel of degree 2 (Cho and Saul, 2009),
#
# $$\kappa=\frac1{2\pi}\left(3gs+\psi\,(pq+2s^2)\right).$$

# %%
import numpy as np
import sympy

from symrelu import FixedSpace, Isotropy
from symrelu.exact.arithmetic import FLOAT, MpmathArithmetic
from symrelu.model.expression import gradient_expression
from symrelu.model.kernels import PSI, G, Kernel, P, Q, S
from symrelu.model.setting import Setting
from symrelu.spectrum.numeric import eigenvalues_at

RELU2 = Kernel("relu2", 3 * G * S + PSI * (P * Q + 2 * S**2), 1 / (2 * sympy.pi))

# %% [markdown]
# In an installed module `mine.py` this line makes `--kernel mine:RELU2` work. That it is the kernel of $\varphi$, the
# definition tells: a mean over random inputs. What else symrelu must know it computes: the degree $2$ of homogeneity
# means that the second layer adds nothing at critical points and is kept at $1$.

# %%
w, v = np.array([0.5, -0.25, 0.75]), np.array([0.25, 1.0, -0.5])
x = np.random.default_rng(1).standard_normal((400_000, 3))
products = np.maximum(x @ w, 0) ** 2 * np.maximum(x @ v, 0) ** 2
kappa = sympy.lambdify((P, Q, S), RELU2(P, Q, S))
assert abs(products.mean() - kappa(w @ w, v @ v, w @ v)) < 4 * products.std() / np.sqrt(len(x))
assert RELU2.degree == 2 and not RELU2.second_layer_is_free and not RELU2.even

# %% [markdown]
# Everything else follows: here the reduced gradient on the matrices fixed by $\Delta S_d$ (on the diagonal $a_1$, off
# it $a_2$), exactly and for every real $d$, in the norms and angles of rows.

# %%
problem = Setting(kernel=RELU2).problem(FixedSpace(Isotropy.parse("d")))
expression = gradient_expression(problem)
print("F_1 =", expression.values["F_1"])
a = [-0.8, 0.3]
gradient = problem.at(FLOAT, a, 5).gradient()
numbers = {"a_1": a[0], "a_2": a[1], "d": 5}
exact = [f.subs({x: numbers[x.name] for x in f.free_symbols}) for f in expression.explicit().values()]
assert np.allclose(np.array(exact, dtype=float), gradient, rtol=1e-12)

# %% [markdown]
# At $d=5$ it must be the derivative of the loss of the whole $5\times5$ matrix, by the kernel alone, without symmetry.


# %%
def dense_loss(a_1, a_2, d=5):
    rows = np.vstack([a_1 * np.eye(d) + a_2 * (1 - np.eye(d)), np.eye(d)])
    inner, signs = rows @ rows.T, np.repeat([1, -1], d)
    p, q = np.meshgrid(np.diag(inner), np.diag(inner))
    cosine = np.clip(inner / np.sqrt(p * q), -1, 1)
    root, psi = np.sqrt(p * q * (1 - cosine**2)), np.pi - np.arccos(cosine)
    return signs @ (3 * root * inner + psi * (p * q + 2 * inner**2)) @ signs / (4 * np.pi)


differences = [(dense_loss(*(a + h)) - dense_loss(*(a - h))) / 2e-5 for h in 1e-5 * np.eye(2)]
assert np.allclose(gradient, differences, rtol=1e-7)

# %% [markdown]
# The critical point near $-I$ at $d=20$, the relative of case 1b, is a saddle here: the exterior square, of dimension
# $171$, is negative (first layer alone; the spectrum is that of all $400$ directions, in $30$ digits).

# %%
a = np.array([-0.87, 0.1])
for _ in range(8):
    point = problem.at(FLOAT, list(a), 20.0)
    a = a - np.linalg.solve(np.array(point.hessian()), np.array(point.gradient()))
spectrum = eigenvalues_at(problem, MpmathArithmetic(30), list(map(float, a)), 20, layers=1)
print("a =", a, "loss =", problem.at(FLOAT, list(a), 20.0).loss())
assert [(e.component.name, int(e.multiplicity)) for e in spectrum if e.value < 0] == [("x1", 171)]
