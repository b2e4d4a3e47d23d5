"""Families as paths a(d), d real: followed down from d = infinity, evaluated to any precision; their thresholds."""
