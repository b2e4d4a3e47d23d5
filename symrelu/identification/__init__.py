"""What a matrix of numbers is: its isotropy group, its block form, and the family of critical points it belongs to.

>>> import symrelu
>>> from symrelu.identification import identify
>>> print(identify(symrelu.family("2a").at(6).matrix()).family)
2a
"""

from symrelu.identification.compare import identify
from symrelu.identification.result import Candidate, Identification

__all__ = ["Candidate", "Identification", "identify"]
