"""Results as text, LaTeX and JSON, where that is more than a method of the result."""
