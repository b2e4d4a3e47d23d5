"""Slow definitional versions of what symrelu computes fast, for tests, benchmarks and the curious.

This package imports nothing else of symrelu and shares no formula with the engine: what agrees with it agrees with the
definitions. Only numpy and mpmath are used.

* `dense`: the population loss and its gradient of a student matrix of given integer size, and Monte-Carlo estimates.
* `hessian`: the Hessian of that loss as a dense matrix, for one or both layers trained.
* `frobenius`: the Frobenius norm of that matrix as an expression in Gram entries, for any scalars and real d.
* `oracle`: series coefficients at d = infinity by interpolation of high-precision critical points.
* `newton`: the critical points of the same families at integer d, also where their series no longer converge.
* `jets`: the second-order automatic differentiation behind the oracle.
* `descent`: gradient descents from random starts, and the symmetry of the minima they end in.
* `lattice`: isotropy subgroups among all subgroups, by brute force.
* `activations`: other activations, from their definitions.
* `isotropy`: the isotropy group of a small matrix by search over pairs of permutations.
"""
