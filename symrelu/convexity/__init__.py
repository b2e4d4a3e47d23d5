"""Piecewise strong convexity (rebuttal 003): the bound, the sets U and A, the experiment, and symmetric minima.

>>> from symrelu import convexity
>>> print(convexity.experiment("he-uniform", trials=100, seed=1))  # doctest: +SKIP
"""

from symrelu.convexity.bound import (
    MilneBound,
    in_A,
    in_U,
    milne_bound,
    norm_squared,
    radius_squared,
    slack,
    slack_squared,
    theta_max,
)
from symrelu.convexity.eigenvalue import hessian_min_eig, smallest_eigenvalue
from symrelu.convexity.experiment import Experiment, experiment, table
from symrelu.convexity.network import Kink, Network, Regression, balls, exact
from symrelu.convexity.trajectory import Trajectories, descend, trajectory_fraction

__all__ = [
    "Experiment",
    "Kink",
    "MilneBound",
    "Network",
    "Regression",
    "Trajectories",
    "balls",
    "descend",
    "exact",
    "experiment",
    "hessian_min_eig",
    "in_A",
    "in_U",
    "milne_bound",
    "norm_squared",
    "radius_squared",
    "slack",
    "slack_squared",
    "smallest_eigenvalue",
    "table",
    "theta_max",
    "trajectory_fraction",
]
