"""Finding families of critical points in Fix(G) as d -> infinity: search, climb, read off limits and exponents."""
