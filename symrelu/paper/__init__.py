"""LaTeX documents about families, and their formulas as text for computer algebra systems (``symrelu paper``)."""
