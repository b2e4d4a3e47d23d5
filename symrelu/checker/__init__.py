"""An independent checker of certificates: it shares only the definition of the loss with the rest of the package.

Only python-flint's balls and polynomials, fractions and the standard library are used. `check` takes a certificate as
plain JSON values; ``python -m symrelu.checker cert.json`` exits with 0 (accepted), 1 (rejected) or 2 (unreadable).
"""

from symrelu.checker.check import Verdict, check, statement
from symrelu.checker.numbers import Unreadable

__all__ = ["Unreadable", "Verdict", "check", "statement"]
