"""What the papers claim, as data, and the code that decides it. Nothing else in symrelu imports this package."""
