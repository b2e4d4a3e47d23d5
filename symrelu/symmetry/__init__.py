"""Groups and orbits: block sizes, Young-type isotropy groups, fixed-point spaces, actual isotropy, multiplicities."""

from symrelu.symmetry.actual import ActualIsotropy, actual_isotropy
from symrelu.symmetry.fixed_space import Coordinate, FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.multiplicity import Count, group_order, multiplicity
from symrelu.symmetry.size import Size

__all__ = [
    "ActualIsotropy",
    "Coordinate",
    "Count",
    "FixedSpace",
    "Isotropy",
    "Orbit",
    "Size",
    "actual_isotropy",
    "group_order",
    "multiplicity",
]
