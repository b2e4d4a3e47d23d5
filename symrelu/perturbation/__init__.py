"""Stability under symmetry breaking: minima followed as the target moves off the identity."""
