"""Proofs in ball arithmetic: certificates at one d and for all d at once, certified paths in d, thresholds."""
