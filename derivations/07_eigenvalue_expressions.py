# %% [markdown]
# # Eigenvalue expressions of any isotropy type
#
# On each isotypic component the Hessian is a small matrix, whose entries are exact expressions in the coordinates
# $a_1,a_2,\dots$ of the matrix and in a real $d$. We derive the two that are scalars for *every* type, the exterior
# square $\mathfrak x$ and the representation $\mathfrak y$ of a block, by hand, compare with the library, and check
# all components of one type against Hessians of integer size and of a real one. For $\Delta S_d$ the matrices of all
# components are derived by hand in [the next document](08_theorem_2.py).

# %%
from fractions import Fraction

import numpy as np
import sympy

from symrelu import FixedSpace, Isotropy
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.model.dense import DenseLoss
from symrelu.model.expression import D as d
from symrelu.model.expression import coordinates
from symrelu.model.reduced import Problem
from symrelu.spectrum.expressions import component_expression
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.symmetry.isotypic import components, copies

pi, sin = sympy.pi, sympy.sin
problem = Problem(FixedSpace(Isotropy.diagonal("d-3,3")))
a = coordinates(problem)

# %% [markdown]
# ## 1. The exterior square of a block
#
# Let $Y$ be an antisymmetric matrix with row sums $0$ on the rows and columns of one block of size $n$, and $0$
# elsewhere. Write $\delta=a_1-a_2$ for the difference of own and other entry. For rows $i,j$ of the block
#
# $$\langle w_i,y_i\rangle=0,\qquad\langle w_j,y_i\rangle=\delta y_{ij},\qquad\langle e_j,y_i\rangle=y_{ij},$$
#
# and $\langle w_j,y_i\rangle=\langle e_j,y_i\rangle=0$ for rows of other orbits, which are constant on the block. So in
# the Hessian form those contribute through the multiple of the identity alone, $\frac gpI$ of each pair
# ([the kernel](01_kernel.py), step 3). With $p=|w_i|^2$, the sum over all pairs of the block's row gives
#
# $$\Lambda=\pi+\frac1p\Bigl(\sum_{\text{other rows }w}g(w_i,w)-\sum_{\text{targets }v}g(w_i,v)\Bigr),\qquad
# 2\pi\lambda_{\mathfrak x}=\Lambda-\psi-\frac1{g_{\beta'}},\qquad
# 2\pi\lambda_{\mathfrak y}=2\pi\lambda_{\mathfrak x}+\frac{2\delta^2}{g_\alpha},$$
#
# where $\psi=\pi-\alpha$ and $g_\alpha$ belong to two rows of the block, $g_{\beta'}$ to a row and another row's
# target. So the formula for $\Delta S_d$ holds for every type; only $\Lambda$ has more terms. We check it for the
# large block of $\Delta(S_{d-3}\times S_3)$ and, with one term less, for its small block.

# %%
pencils = {name: component_expression(problem, name) for name in ("x1", "y1", "x2", "s1*s2")}
x, y, small = (pencils[name] for name in ("x1", "y1", "x2"))
definitions = {symbol: value for e in pencils.values() for symbol, value in e.definitions.items()}
names = {symbol.name: symbol for symbol in definitions}
nu = [names["nu_1"], names["nu_2"]]
sizes = [d - 3, sympy.Integer(3)]


def root(kind, i, j, other=""):
    """The Gram root of a row of orbit i with one of orbit j: of W (alpha) or of the target (beta)."""
    first, second = sorted((i, j)) if kind == "alpha" else (i, j)
    angle = names[f"{kind}_{first + 1}_{second + 1}{other}"]
    return nu[i] * (nu[j] if kind == "alpha" else 1) * sin(angle)


def reduced(expression):
    """The expanded expression, with one name for the angle of two rows."""
    return sympy.expand(expression.xreplace({names["alpha_2_1"]: names["alpha_1_2"]}))


def exterior(i):
    """2 pi lambda on the exterior square of block i."""
    j = 1 - i
    students = (sizes[i] - 1) * root("alpha", i, i, "o") + sizes[j] * root("alpha", i, j)
    targets = root("beta", i, i) + (sizes[i] - 1) * root("beta", i, i, "o") + sizes[j] * root("beta", i, j)
    along = pi + (students - targets) / nu[i] ** 2
    return along - (pi - names[f"alpha_{i + 1}_{i + 1}o"]) - 1 / root("beta", i, i, "o")


assert reduced(x.eigenvalues[0] * 2 * pi - exterior(0)) == 0
square = (a[0] - a[1]) ** 2 / root("alpha", 0, 0, "o")
assert reduced(y.eigenvalues[0] * 2 * pi - exterior(0) - 2 * square) == 0
assert reduced(small.eigenvalues[0] * 2 * pi - exterior(1)) == 0

# %% [markdown]
# (`symrelu expression --blocks d-3,3 --limit +,- --what eigenvalues` prints these, and the matrices of the other
# components.) The names hide no dependence on $d$: each is an expression in $a_1,\dots,a_6$ and $d$.

# %%
assert definitions[names["nu_1"]] == sympy.sqrt(sympy.expand(a[0] ** 2 + (d - 4) * a[1] ** 2 + 3 * a[2] ** 2))
assert not set().union(*(value.free_symbols for value in definitions.values())) - {*a, d}

# %% [markdown]
# ## 2. The other components
#
# $\mathfrak s_1\otimes\mathfrak s_2$ has two copies, the upper right and the lower left block of $W$, and eigenvalues
# with a square root; $\mathfrak s_i$ and $\mathfrak t$ have six and eight, counting the second layer, and eigenvalues
# that are roots of the characteristic polynomial $\det(H-\lambda M)$ of a pencil, $M$ the Gram matrix of the
# representatives. They hold off critical points, too. `symrelu expression --what eigenvalues` prints those up to two
# copies in closed form and the larger ones as pencils of expressions.

# %%
assert {c.name: len(copies(problem.space.isotropy, c)) for c in components(problem.space.isotropy)} == {
    "t": 8,
    "s1": 6,
    "s2": 6,
    "x1": 1,
    "x2": 1,
    "y1": 1,
    "s1*s2": 2,
}
mixed = pencils["s1*s2"]
assert mixed.hessian.shape == (2, 2) and mixed.gram == sympy.diag(4, 4)  # |e_1 - e_2|^2 |f_1 - f_2|^2
low, high = mixed.eigenvalues
assert low != high

# %% [markdown]
# ## 3. A Hessian of integer size
#
# At $d=8$ and a point that is not critical, with both layers trained: the Hessian from the definition of the loss, of
# order $72$ and without any symmetry, has exactly the eigenvalues of these pencils, each as often as the dimension of
# its component. Those of size one and two are the expressions above, evaluated.

# %%
at = [Fraction(n, 10) for n in (9, 1, -2, 3, -7, 2)]
A, size = MpmathArithmetic(30), 8
W = problem.space.matrix([float(v) for v in at], size)
full = np.linalg.eigvalsh(DenseLoss(np.eye(size)).hessian(W, layers=2))
spectrum = eigenvalues_at(problem, A, [A.rational(v) for v in at], size, layers=2)
repeated = [float(e.value) for e in spectrum for _ in range(int(e.multiplicity))]
assert len(repeated) == size * (size + 1)
assert np.allclose(sorted(repeated), full, atol=1e-11)

# %% [markdown]
# ## 4. Real d
#
# The same pencils at $d=8.5$: the spectrum of no matrix, and still what the series of the families and the thresholds
# are about. The closed forms agree with the library's evaluation in $30$ digits, at both $d$.

# %%
exact = {symbol: sympy.Rational(v.numerator, v.denominator) for symbol, v in zip(a, at, strict=True)}
for dimension in (Fraction(8), Fraction(17, 2)):
    there = exact | {d: sympy.Rational(dimension.numerator, dimension.denominator)}
    numbers = {symbol: definition.subs(there).evalf(45) for symbol, definition in definitions.items()}
    spectrum = eigenvalues_at(problem, A, [A.rational(v) for v in at], dimension, layers=2)
    for name, e in pencils.items():
        closed = [formula.xreplace(numbers).subs(there).evalf(30) for formula in e.eigenvalues]
        found = [sympy.Float(str(v.value), 30) for v in spectrum if v.component.name == name]
        assert len(closed) == len(found) and all(abs(u - v) < 1e-25 for u, v in zip(closed, found, strict=True))
formal = {v.component.name: str(v.multiplicity) for v in spectrum}
assert formal["x1"] == "63/8" and formal["s1*s2"] == "9"  # (n - 1)(n - 2)/2 and 2 (n - 1) at n = 5.5
