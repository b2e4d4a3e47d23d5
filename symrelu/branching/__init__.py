"""Symmetry-breaking branches at the thresholds of a family: found by equivariant branching, followed, certified."""

from symrelu.branching.result import Branch, Branching, BranchPoint, HalfBranch, ThresholdBranches
from symrelu.branching.search import branches

__all__ = ["Branch", "BranchPoint", "Branching", "HalfBranch", "ThresholdBranches", "branches"]
