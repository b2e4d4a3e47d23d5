# %% [markdown]
# # Free sums and the 3/2 law
#
# J. Pennington and Y. Bahri (ICML 2017) model the Hessian of a network at loss $\varepsilon$ by $H=H_0+H_1$ with $H_0$
# and $H_1$ free: $H_0$ a Wishart matrix of shape $\phi$, $H_1$ a Wigner matrix of variance $2\varepsilon$. Negative
# eigenvalues appear at a threshold $\varepsilon_c$, and beyond it their fraction, the index $\alpha$, grows like
#
# $$\alpha=\alpha_0x^{3/2}(1+a_1x+\dots),\qquad x=\frac{\varepsilon-\varepsilon_c}{\varepsilon_c}.$$
#
# We derive $\varepsilon_c$ and the closed form of $\alpha_0$, which the paper leaves to its supplement:
#
# $$\varepsilon_c=\frac{(s+1)(3-s)^3}{128},\qquad\alpha_0=\frac{2(3-s)}{3\pi\sqrt s\,(1+s)},\qquad s=\sqrt{1+8\phi}.$$

# %%
import sympy

from symrelu.free import MarchenkoPastur, Semicircle, threshold, wishart_wigner
from symrelu.free.elimination import G, Z, g

phi, eps, s = sympy.symbols("phi epsilon s", positive=True)
curve = (s**2 - 1) / 8  # phi, for 1 < s < 3

# %% [markdown]
# ## 1. R-transforms add
#
# The Stieltjes transform $G(z)=\int\frac{\rho(x)}{z-x}dx$ of a law has an inverse $K(g)=R(g)+\frac1g$ near infinity.
# For free summands $R$ is the sum. Semicircle: $R=2\varepsilon g$. Wishart (Marchenko and Pastur): $R=\frac1{1-\phi
# g}$. So $G$ solves $R(G)+\frac1G=z$, a cubic equation, number (18) of the paper.

# %%
law = wishart_wigner(phi, eps)
assert sympy.simplify(law.R - (2 * eps * g + 1 / (1 - phi * g))) == 0
parts = (MarchenkoPastur(phi), Semicircle(2 * eps))
for total, *summands in zip(law.free_cumulants(5), *(part.free_cumulants(5) for part in parts), strict=True):
    assert sympy.expand(total - sum(summands)) == 0
cubic = 2 * eps * phi * G**3 - (2 * eps + phi * Z) * G**2 + (Z + phi - 1) * G - 1
assert sympy.expand(sympy.cancel(law.polynomial / cubic)) in (1, -1)

# %% [markdown]
# The free cumulants give the moments. $m_2=1+\phi+2\varepsilon$ is variance plus mean squared.

# %%
moments = law.moments(3)
assert sympy.expand(moments[2] - (1 + phi + 2 * eps)) == 0
assert sympy.expand(moments[3] - (1 + 3 * phi + phi**2 + 6 * eps)) == 0

# %% [markdown]
# ## 2. The threshold
#
# $0$ enters the spectrum where two real solutions $G$ of $K(G)=0$ meet and become complex. The discriminant of the
# cubic at $z=0$ is $-4\varepsilon$ times a quadratic in $\varepsilon$; over $s$ it splits, and for $1<s<3$
# ($0<\phi<1$) only one root is positive.

# %%
discriminant = sympy.discriminant(cubic.subs(Z, 0), G)
quadratic = 8 * eps**2 + (8 * phi**2 + 20 * phi - 1) * eps + 2 * phi * (phi - 1) ** 3
assert sympy.expand(discriminant + 4 * eps * quadratic) == 0
eps_c, other = (s + 1) * (3 - s) ** 3 / 128, (1 - s) * (3 + s) ** 3 / 128
assert sympy.expand(quadratic.subs(phi, curve) - 8 * (eps - eps_c) * (eps - other)) == 0  # other < 0 < eps_c

K = law.R + 1 / g
G_c = -8 / ((s + 1) * (3 - s))
at_threshold = {phi: curve, eps: eps_c, g: G_c}
assert sympy.simplify(K.subs(at_threshold)) == 0
assert sympy.simplify(sympy.diff(K, g).subs(at_threshold)) == 0

# %% [markdown]
# ## 3. The exponent and its coefficient
#
# Near its lower edge $z_*(\varepsilon)$ the density is that of a square root: $z-z_*=\frac12K''(g-g_*)^2$ with $K''<0$
# gives
#
# $$\rho(z)=\frac1\pi\sqrt{\frac{2(z-z_*)}{|K''|}}.$$
#
# As $\varepsilon$ grows the edge moves with $\frac{dz_*}{d\varepsilon}=\frac{\partial K}{\partial\varepsilon}$, since
# $\frac{\partial K}{\partial g}=0$ there. So just beyond $\varepsilon_c$ the edge is at
# $-|\partial_\varepsilon K|\,\varepsilon_cx$, and the mass between it and $0$ is
#
# $$\alpha=\int_{z_*}^0\rho\,dz
# =\frac2{3\pi}\sqrt{\frac2{|K''|}}\bigl(|\partial_\varepsilon K|\,\varepsilon_c\bigr)^{3/2}x^{3/2}:$$
#
# the exponent is $\frac32$ because the density at an edge has the exponent $\frac12$. We compare squares, which are
# rational in $s$.

# %%
second = sympy.factor(sympy.diff(K, g, 2).subs(at_threshold))
speed = sympy.factor(sympy.diff(K, eps).subs(at_threshold))
assert sympy.simplify(second + s * (s + 1) ** 2 * (3 - s) ** 4 / 256) == 0 and sympy.simplify(speed - 2 * G_c) == 0
square = sympy.Rational(4, 9) * 2 / (-second) * (-speed * eps_c) ** 3 / sympy.pi**2
alpha_0 = 2 * (3 - s) / (3 * sympy.pi * sympy.sqrt(s) * (1 + s))
assert sympy.simplify(square - alpha_0**2) == 0

# %% [markdown]
# The library derives the same for both models of the paper, with the next coefficient $a_1$; at $\phi=\frac38$, $s=2$:

# %%
at = threshold("wishart-wigner", sympy.Rational(3, 8))
print("eps_c =", at.exact("eps_c"), "  alpha_0 =", at.exact("alpha_0"), "  a_1 =", at.exact("a_1"))
assert at.exact("eps_c") == eps_c.subs(s, 2) == sympy.Rational(3, 128)
assert sympy.simplify(at.exact("alpha_0") - sympy.sqrt(2) / (9 * sympy.pi)) == 0
refined = threshold("refined", sympy.Rational(1, 3))
assert refined.exact("eps_c") == sympy.Rational(5, 16)

# %% [markdown]
# ## 4. A check without expansions
#
# The index beyond the threshold, in certified decimals from the cubic, over $\alpha_0x^{3/2}$: it tends to $1$, and
# what is missing is $a_1x$.

# %%
a_0, a_1 = (sympy.Float(at.decimal(what, 30), 30) for what in ("alpha_0", "a_1"))
for n in (100, 10000):
    x = sympy.Rational(1, n)
    index = wishart_wigner(sympy.Rational(3, 8), sympy.Rational(3, 128) * (1 + x)).spectrum.index(25)
    ratio = sympy.Float(index, 25) / (a_0 * x ** sympy.Rational(3, 2))
    print(f"x = {x}: {sympy.N(ratio, 12)}")
    assert abs(ratio - 1 - a_1 * x) < x**2

# %% [markdown]
# The symmetric families of the other documents obey no such law. At a symmetric point the spectrum consists of a few
# numbers of huge multiplicity, and a whole representation turns negative at once: the index jumps from $0$ to $O(d)$ or
# $O(d^2)$ at a [threshold in $d$](09_thresholds.py).
