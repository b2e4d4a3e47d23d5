"""Minima of isotropy Delta(S_q x S_1 x S_{d-q-1}): a problem in two real parameters q and d, no family in d alone.

* `sizes`: the reduced problem at real (q, d), by the same orbit rules as everywhere;
* `search`: minima at whole sizes from random starts;
* `curve`: continuation of critical points, of folds and of sign changes of eigenvalues (bordered systems);
* `region`: the region of the plane where the points are minima; `lines`: what becomes of a line q(d) in it;
* `certify`: proofs at whole sizes; `result`: the table.
"""

from symrelu.regions.lines import no_series_reason
from symrelu.regions.region import find_region
from symrelu.regions.result import region_table

__all__ = ["find_region", "no_series_reason", "region_table"]
