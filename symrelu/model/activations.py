"""The kernels that have a name: ReLU's relatives, erf, powers, and those that users write in modules of their own.

relu            max(z, 0)                   (g + psi s)/2 pi                      Cho & Saul 2009
leaky:a         max(z, a z), a < 1          (1 - a)**2 relu + a s
abs             |z|                         4 relu - s                            leaky:-1
erf             erf(z)                      (2/pi) asin(2 s/sqrt((1 + 2p)(1 + 2q)))   Williams 1997
z2, z3          z**2, z**3                  p q + 2 s**2,  9 p q s + 6 s**3       Isserlis 1918
s3              (none)                      s**3: the tensors w (x) w (x) w, fitted to sum v (x) v (x) v
"""

from __future__ import annotations

import importlib
import re
from fractions import Fraction
from functools import cache

import sympy

from symrelu.errors import BadInput
from symrelu.exact.parse import parse_fraction
from symrelu.model.kernels import PSI, RELU, G, Kernel, P, Parameter, Q, S

_NAMES = "relu, leaky:1/10 (any slope below 1), abs, erf, z2, z3, s3, or package.module:NAME"
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


def leaky(slope: Fraction | int | str) -> Kernel:
    """The kernel of phi(z) = max(z, slope*z).

    Parameters: ``slope``, a rational number below 1 (0 gives ReLU, -1 the absolute value), or a name such as "s" for a
    symbol, which computes where a field contains it: in SymPy, and in series over QQ(pi, s).
    Raises BadInput for another slope; floats are refused, since 0.1 is not 1/10.
    """
    if isinstance(slope, float):
        raise BadInput(f"the slope {slope} is a float; give an exact rational such as 1/10 or '0.1'")
    if isinstance(slope, str) and _IDENTIFIER.fullmatch(slope):
        if slope in ("p", "q", "g", "psi", "pi", "d", "t", "L"):
            raise BadInput(f"the slope cannot be named {slope}, which has another meaning; call it s")
        a, name = Parameter(slope, real=True), slope
    else:
        value = parse_fraction(slope, "the slope of leaky") if isinstance(slope, str) else Fraction(slope)
        if value >= 1:
            raise BadInput(
                f"the slope {value} was given; leaky is max(z, slope*z) with a slope below 1 (1 is linear; a larger "
                "slope is the same activation, scaled and mirrored)"
            )
        if value == 0:
            return RELU
        a, name = sympy.Rational(value.numerator, value.denominator), str(value)
    expression = sympy.expand((1 - a) ** 2 * (G + PSI * S) + 2 * sympy.pi * a * S)
    return Kernel("abs" if name == "-1" else f"leaky:{name}", expression, 1 / (2 * sympy.pi))


ABS = leaky(-1)
"""phi(z) = |z|: kappa = (4 g + (4 psi - 2 pi) s)/2 pi. A row may change sign."""

ERF = Kernel("erf", PSI - sympy.pi / 2, 2 / sympy.pi, lift=Fraction(2))
"""phi(z) = erf(z): asin(cos(theta)) = psi - pi/2, theta the angle in the lifted Gram entries. Not homogeneous: the
second layer is a variable of its own."""

Z2 = Kernel("z2", P * Q + 2 * S**2, sympy.Integer(1))
"""phi(z) = z**2: kappa = p q + 2 s**2. The loss depends on sum alpha_i w_i w_i' alone, so O(k) acts on the rows."""

Z3 = Kernel("z3", 9 * P * Q * S + 6 * S**3, sympy.Integer(1))
"""phi(z) = z**3: kappa = 9 p q s + 6 s**3."""

S3 = Kernel("s3", S**3, sympy.Integer(1))
"""<w, v>**3, the kernel of symmetric tensor decomposition: 2 L is the squared norm of the difference of two tensors."""

BUILT_IN = {kernel.name: kernel for kernel in (RELU, ABS, ERF, Z2, Z3, S3)}


@cache
def kernel_named(text: str) -> Kernel:
    """The kernel of that name: a built-in one, ``leaky:SLOPE``, or ``package.module:NAME``, a Kernel of an installed
    module, which is imported (and gets that name). Raises BadInput otherwise.
    """
    name = text.strip()
    if name in BUILT_IN:
        return BUILT_IN[name]
    head, colon, rest = name.partition(":")
    if head == "leaky" and colon:
        return leaky(rest.strip())
    if colon and all(_IDENTIFIER.fullmatch(x) for x in (*head.split("."), rest)):
        return _imported(head, rest)
    raise BadInput(f"the kernel was given as {text!r}; give {_NAMES}")


def _imported(module: str, name: str) -> Kernel:
    given = f"{module}:{name}"
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ImportError as error:
        raise BadInput(
            f"the kernel {given} was given, but importing {module} failed ({error}); install the module, or set "
            "PYTHONPATH"
        ) from None
    except Exception as error:
        raise BadInput(
            f"the kernel {given} was given, but {module} raised {type(error).__name__} when it was imported: {error}; "
            "repair the module"
        ) from error
    if not isinstance(found, Kernel):
        what = "no such name" if found is None else f"a {type(found).__name__} of that name"
        raise BadInput(
            f"the kernel {given} was given, but {module} has {what}; it must be a symrelu Kernel, such as "
            "NAME = Kernel('relu2', 3*G*S + PSI*(P*Q + 2*S**2), 1/(2*sympy.pi))"
        )
    return Kernel(given, found.expression, found.prefactor, found.lift)
