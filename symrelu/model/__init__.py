"""Kernels, and the loss, gradient and Hessian restricted to Fix(G): where groups and numbers first meet."""
