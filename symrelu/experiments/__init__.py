"""Experiments of Pennington & Bahri (ICML 2017), sections 5 and 6: seeded, small by default."""
