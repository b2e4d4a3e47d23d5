# %% [markdown]
# # Piecewise strong convexity
#
# For a ReLU network with $H$ hidden layers, weights $W=(W_0,\dots,W_H)$, points $a_i$ with $|a_i|\le r$ and weight
# decay, T. Milne considers
#
# $$\ell_\lambda(W)=\frac1{2N}\sum_i|y(W,a_i)-b_i|^2+\frac\lambda2|W|^2$$
#
# and shows that on each piece where no neuron switches
# $\operatorname{Hess}\ell_\lambda\ge\lambda-\sqrt2\,c\,r\,\|W\|_*^{H-1}\sqrt{\ell}$ with $c=H(H+1)$ and $\|W\|_*$ the
# largest operator norm. On the set $U(\lambda,\theta)$ where the right side exceeds $\theta\ge0$ the loss is thus
# strongly convex on pieces. We derive two statements that are sharper: $c=H$ will do, and
#
# > **$U$ contains no critical point but $W=0$**, for any $\theta\ge0$.

# %%
import numpy as np
import sympy
from flint import fmpq

from symrelu.convexity import Regression, exact, hessian_min_eig, theta_max
from symrelu.convexity.bound import constant_of, slack_squared
from symrelu.convexity.minima import family_point

lam, w0, w1 = sympy.symbols("lambda w_0 w_1", positive=True)

# %% [markdown]
# ## 1. The constant H
#
# On a piece $y$ is a product of $H+1$ matrices. So the second derivative of $y$ in a direction $X=(X_0,\dots,X_H)$ is
# a sum over ordered pairs $i\ne j$ of layers, each at most $r\|W\|_*^{H-1}|X_i||X_j|$, and the Hessian is bounded from
# below by the (positive) Gauss-Newton part, minus that sum times the mean residual $\frac1N\sum|y-b|\le\sqrt{2\ell}$,
# plus $\lambda$. Milne bounds $|X_i||X_j|\le|X|^2$ for each of the $H(H+1)$ pairs. But with $x_i=|X_i|$
#
# $$H\sum_ix_i^2-\sum_{i\ne j}x_ix_j=\sum_{i<j}(x_i-x_j)^2\ge0.$$

# %%
for H in (1, 2, 3, 4):
    x = sympy.symbols(f"x_0:{H + 1}")
    pairs = [(x[i], x[j]) for i in range(H + 1) for j in range(i)]
    left = H * sum(v**2 for v in x) - sum(2 * u * v for u, v in pairs)
    assert sympy.expand(left - sum((u - v) ** 2 for u, v in pairs)) == 0
    assert constant_of(H, "sharp") == H and constant_of(H, "paper") == H * (H + 1) == 2 * len(pairs)

# %% [markdown]
# ## 2. It is attained
#
# $H=1$, one neuron, one point $a=1$ with $b=1$: $\ell=\frac12(w_1w_0-1)^2$ for $w_0>0$. As $w\to0$ the Hessian has the
# eigenvalues $\lambda\pm1$, and $\lambda-\sqrt2\sqrt\ell\to\lambda-1$.

# %%
loss = (w1 * w0 - 1) ** 2 / 2
hessian = sympy.hessian(loss + lam * (w0**2 + w1**2) / 2, (w0, w1))
at_zero = hessian.subs({w0: 0, w1: 0})
assert sorted(map(str, at_zero.eigenvals())) == ["lambda + 1", "lambda - 1"]
assert sympy.simplify(lam - sympy.sqrt(2) * sympy.sqrt(loss.subs({w0: 0, w1: 0})) - (lam - 1)) == 0

# %% [markdown]
# And in exact rational weights, proved in balls: the smallest eigenvalue of a random small network is above the bound
# with $c=H$, and that is above Milne's.

# %%
rng = np.random.default_rng(1)


def rationals(*shape):
    """A matrix of small rational numbers."""
    return exact([[fmpq(int(n), 8) for n in row] for row in rng.integers(-8, 9, shape)])


for H in (1, 2):
    problem = Regression(rationals(2, 3), rationals(1, 3), fmpq(1, 2))
    network = problem.at([rationals(2, 2) for _ in range(H)] + [rationals(1, 2)])
    smallest, sharp, paper = hessian_min_eig(network), theta_max(network, "sharp"), theta_max(network, "paper")
    assert paper < sharp < smallest

# %% [markdown]
# ## 3. No critical point in U
#
# $y$ is homogeneous of degree $H+1$ in all weights together, kinks or not. Along the ray through a critical point
# $W\ne0$ (or a local minimum) Euler's identity gives
#
# $$\lambda|W|^2=-(H+1)\frac1N\sum_i\langle y_i-b_i,y_i\rangle.$$
#
# Now $|y|\le r\prod\|W_i\|$, and the product of the two smallest norms is at most their mean square, so
# $\prod\|W_i\|\le\|W\|_*^{H-1}\frac{|W|^2}{H+1}$. Divide by $|W|^2$:
#
# $$\lambda\le\sqrt2\,r\,\|W\|_*^{H-1}\sqrt\ell,$$
#
# that is, the bound with $c=1$ in place of $H$ or $H(H+1)$ is $\le0$ at every critical point but $0$. The example
# attains this, too: its critical points are $w_0=w_1=\sqrt{1-\lambda}$, and there $\sqrt2\sqrt\ell=\lambda$.

# %%
w = sympy.sqrt(1 - lam)
regularised = loss + lam * (w0**2 + w1**2) / 2
assert all(sympy.expand(sympy.diff(regularised, v).subs({w0: w, w1: w})) == 0 for v in (w0, w1))
square = sympy.expand(2 * loss.subs({w0: w, w1: w}))  # (sqrt(2) sqrt(l))**2
assert square == lam**2
euler = lam * 2 * w**2 + 2 * (w * w - 1) * (w * w)
assert sympy.expand(euler) == 0

# %% [markdown]
# The library's slack with $c=1$ is that number, in exact rational arithmetic at $\lambda=\frac{9}{25}$, $w=\frac45$.

# %%
example = Regression(exact([[fmpq(1)]]), exact([[fmpq(1)]]), fmpq(9, 25)).at([exact([[fmpq(4, 5)]])] * 2)
assert not any(example.gradient)
assert slack_squared(example, "one") == fmpq(9, 25) ** 2

# %% [markdown]
# So an invariant neighbourhood of minima in $U$, which the theory looks for, contains none. How far are the symmetric
# minima of the student-teacher problem from $U$? On the population loss with Gaussian inputs the bound reads
# $\lambda-c\sqrt{\mathcal L}$. For 2a at $d=10$, $\lambda=\frac1{100}$ and balanced layers it is negative with both
# constants. The true smallest eigenvalue of the Hessian without decay is $0$ up to rounding: the zeros of rescaling,
# along which $\lambda$ alone makes the loss convex.

# %%
point = family_point("2a", 10)
assert np.max(np.abs(point.gradient)) < 1e-12
assert abs(point.smallest) < 1e-12
decayed = point.with_decay(0.01)
bounds = {constant: float(decayed.theta_max(constant)) for constant in ("paper", "sharp")}
print(f"loss {decayed.loss:.6f}, bounds", {name: round(value, 4) for name, value in bounds.items()})
assert all(abs(value - (0.01 - constant_of(1, name) * decayed.loss**0.5)) < 1e-15 for name, value in bounds.items())
assert bounds["paper"] < bounds["sharp"] < 0 and abs(decayed.smallest - 0.01) < 1e-12
