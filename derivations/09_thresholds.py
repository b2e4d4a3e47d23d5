# %% [markdown]
# # Thresholds: where a family changes stability
#
# A family of critical points exists for real $d$, and its Hessian eigenvalues are functions of $d$. A family that is a
# minimum for all large $d$ turns into a saddle at the first $d$, coming from above, at which one of them is $0$. For
# the families 1b and 4 of Theorem 1 we find that $d$, and prove in ball arithmetic that an eigenvalue changes its sign
# there:
#
# > 1b is a minimum for $d>5.7638\dots$ and a saddle just below. **Case 4 is a saddle at $d=9$**, with five negative
# > directions, although Theorem 1 of the paper says that it is a minimum for $d\ge9$.

# %%
from fractions import Fraction

import mpmath
import sympy
from flint import arb

import symrelu
from symrelu.exact.arithmetic import BallArithmetic, MpmathArithmetic
from symrelu.exact.balls import working_bits
from symrelu.model.expression import D as d
from symrelu.model.expression import coordinates, gradient_expression
from symrelu.proof.inertia import copies_of
from symrelu.proof.pieces import ball
from symrelu.proof.point import enclose, index_at
from symrelu.spectrum.blocks import block
from symrelu.spectrum.expressions import component_expression

family = symrelu.family("1b")
problem = family.problem
a1, a2 = coordinates(problem)

# %% [markdown]
# ## 1. Three equations
#
# On the exterior square $\mathfrak x$ the Hessian of 1b is one number, for which [there is an
# expression](07_eigenvalue_expressions.py) $\lambda_{\mathfrak x}(a_1,a_2,d)$. Together with the two equations of a
# critical point, $F_1=F_2=0$, that makes three equations for $a_1,a_2,d$. Newton's method solves them.

# %%
gradient = gradient_expression(problem)
(eigenvalue,) = component_expression(problem, "x1").eigenvalues
system = [f.xreplace(gradient.definitions) for f in (*gradient.values.values(), eigenvalue)]
numeric = sympy.lambdify((a1, a2, d), system, "mpmath")
with mpmath.workdps(40):
    solution = mpmath.findroot(numeric, (-0.7, 0.3, 5.8), tol=mpmath.mpf(10) ** -60)
threshold = solution[2]
print("threshold of 1b:", mpmath.nstr(threshold, 20))
assert abs(threshold - mpmath.mpf("5.7638127349")) < 1e-9

# %% [markdown]
# That is the branch which comes from $d=\infty$, not another critical point of the same isotropy: following 1b
# downwards in $d$ leads there. (Decimals, found by a mesh along the path.)

# %%
followed = family.thresholds(digits=15, down_to=5, prove=False)
(found,) = followed.thresholds
print(followed)
assert found.component == "x1" and found.below == "negative"
assert abs(found.d - threshold) < 1e-13

# %% [markdown]
# ## 2. A proof in balls
#
# Let $d$ be the ball $[5.7637,5.7639]$. Krawczyk's test evaluates the gradient and its Jacobian over a box of balls
# and shows that the box holds exactly one critical point *for each* $d$ of the ball; so these form a continuous path.
# The block of $\mathfrak x$ at both ends has signs that are decided, and they differ. By the intermediate value
# theorem there is a sign change in between.

# %%
BITS = 100
copies = {of.component.name: of for of in copies_of(problem)}


def sign_of_block(name, box):
    """The sign of the one number that the block of a component is, in balls."""
    with working_bits(BITS):
        ((value,),) = block(problem.at(BallArithmetic(BITS), list(box.entries), box.d), copies[name]).hessian
        assert value < 0 or value > 0  # decided
        return 1 if value > 0 else -1


start = [arb(str(solution[0])), arb(str(solution[1]))]
low, high = Fraction(57637, 10**4), Fraction(57639, 10**4)
with working_bits(BITS):
    whole = enclose(problem, start, ball(low).union(ball(high)), BITS)
ends = [enclose(problem, start, ball(x), BITS) for x in (low, high)]
for end in ends:
    assert all(y.contains(x) for x, y in zip(end.entries, whole.entries, strict=True))  # the same critical point
assert [sign_of_block("x1", end) for end in ends] == [-1, 1]

# %% [markdown]
# All other components are positive on both sides: the index goes from $0$ to $\dim\mathfrak x$. For that every block
# is eliminated in balls; the signs of the pivots are its inertia (Sylvester). The first layer suffices: training the
# second one multiplies $H$ by a positive definite matrix and adds exact zeros ([step 9 there](08_theorem_2.py)).

# %%
for end, x, negative in zip(ends, (low, high), ([("x1", 1)], []), strict=True):
    indices = index_at(problem, end, x, BITS)
    assert [(i.component.name, i.negative) for i in indices if i.negative] == negative

# %% [markdown]
# That there is no other sign change above, for *any* real $d$, needs such boxes along the whole path from $d=\infty$,
# with Taylor models in $t=d^{-1/2}$ near $t=0$. `symrelu thresholds 1b` does that (half a minute), and so does
# `symrelu certify 1b --from-d 6`, whose certificate an independent checker accepts or rejects.
#
# ## 3. Case 4 at d = 9
#
# The point of the family at $d=9$ in decimals, then a box around it, and the inertia of all blocks in balls: one branch
# of $\mathfrak s_1$, the standard representation of $S_6$, is negative. Its dimension is $5$. (That the box is the
# family's rests on following it in decimals here; `symrelu certify 4 --d 9` proves that, too.)

# %%
family = symrelu.family("4")
problem = family.problem
at_nine = family.path().point(Fraction(9), MpmathArithmetic(25))
box = enclose(problem, [arb(str(x)) for x in at_nine], arb(9), BITS)
indices = index_at(problem, box, Fraction(9), BITS)
negative = {i.component.name: i.negative for i in indices if i.negative}
assert negative == {"s1": 1}
(standard,) = [of.component for of in copies_of(problem) if of.component.name == "s1"]
assert standard.dimension(problem.space.isotropy).at(9) == 5
