"""Fields of coefficients, Puiseux series, and the arithmetics that formulas are evaluated in; nothing of groups."""
