"""The Hessian spectrum: isotypic blocks as exact matrices, and their eigenvalues as expressions, series and numbers."""
