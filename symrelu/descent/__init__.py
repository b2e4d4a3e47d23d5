"""Where descent goes: training on the population loss, and the types of the minima it ends in."""
