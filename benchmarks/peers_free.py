"""Free convolution with symrelu and with other packages, in one run: `python benchmarks/peers_free.py`.

The peers are freealg, rmtool and scikit-rmt, where they are installed (`pip install freealg rmtool scikit-rmt`); they
are no dependencies. Every density array is compared with our certified values (18 digits, by ball arithmetic) at some
40 points inside the bands; the total mass is the array's sum over a range twice as long as the support. Packages are
imported before the clock starts, and it counts CPU time. Prints a table in Markdown.
"""

from __future__ import annotations

import importlib.metadata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

import numpy as np

from symrelu.free import Discrete, Law, MarchenkoPastur, inverse
from symrelu.free.models import refined, wishart_wigner

POINTS = 1000
PEERS = ("freealg", "rmtool", "scikit-rmt")


@dataclass
class Case:
    """A law, and how each package makes it: a function that returns a function of the points to densities and how many
    edges it knows, or a sentence that says why there is none.
    """

    name: str
    law: Callable[[], Law]
    peers: dict[str, Any]


def ours(law: Callable[[], Law]) -> Callable[[], tuple[Callable[[np.ndarray], np.ndarray], str]]:
    """symrelu: the law, its certified edges, its density in floats."""

    def build() -> tuple[Callable[[np.ndarray], np.ndarray], str]:
        spectrum = law().spectrum
        return spectrum.density_array, f"{len(spectrum.edges)} certified"

    return build


def freealg_levy(phi: float, variance: float) -> Callable[[], tuple[Callable[[np.ndarray], np.ndarray], str]]:
    """Marchenko-Pastur plus semicircle as a free Levy law: jumps phi at the rate 1/phi."""

    def build() -> tuple[Callable[[np.ndarray], np.ndarray], str]:
        from freealg.distributions import FreeLevy

        return FreeLevy([phi], [1.0], 1 / phi, sigma=variance**0.5).density, "by a threshold"

    return build


def freealg_marchenko_pastur(phi: float) -> Callable[[], tuple[Callable[[np.ndarray], np.ndarray], str]]:
    """freealg's closed formula."""

    def build() -> tuple[Callable[[np.ndarray], np.ndarray], str]:
        from freealg.distributions import MarchenkoPastur as Theirs

        return Theirs(phi).density, "2, floats"

    return build


def skrmt(phi: float) -> Callable[[], tuple[Callable[[np.ndarray], np.ndarray], str]]:
    """scikit-rmt's closed formula."""

    def build() -> tuple[Callable[[np.ndarray], np.ndarray], str]:
        from skrmt.ensemble.spectral_law import MarchenkoPasturDistribution

        return MarchenkoPasturDistribution(ratio=phi).pdf, "2, floats"

    return build


def rmtool(
    polynomial: Callable[[Any], Any], bands: int
) -> Callable[[], tuple[Callable[[np.ndarray], np.ndarray], str]]:
    """rmtool's polynomial, its candidate edges, and its rule for the root (the largest imaginary part)."""

    def build() -> tuple[Callable[[np.ndarray], np.ndarray], str]:
        import rmtool as theirs

        L = polynomial(theirs)
        found = len(theirs.Lmz2pdf(L, np.array([0.5])).multipleroots)
        return lambda xs: theirs.Lmz2pdf(L, xs).best_density(), f"{found} candidates for {2 * bands}"

    return build


def with_semicircle(theirs: Any) -> Any:
    """MP(1/4) + a semicircle of variance 1/5, by rmtool: R = c g is scaled from the standard one by hand."""
    import sympy as sp

    m, z, v = theirs.m, theirs.z, sp.Rational(1, 5)
    return theirs.AplusB(theirs.wishartpol(sp.Rational(1, 4)), v * m**2 + m * z + 1)


def refined_model(theirs: Any) -> Any:
    """MP(1/2) + the law of (28) at eps = phi = 1/2, by rmtool, m = -G."""
    import sympy as sp

    m, z, half = theirs.m, theirs.z, sp.Rational(1, 2)
    G, e, p = -m, half, half
    H1 = e * p**2 * z * G**3 + e * p * (1 - p) * G**2 - 2 * z * G + 2
    return theirs.AplusB(theirs.wishartpol(half), sp.expand(H1))


def with_inverse(theirs: Any) -> Any:
    """MP(1/4) + 1/MP(1/4) by rmtool."""
    import sympy as sp

    one = theirs.wishartpol(sp.Rational(1, 4))
    return theirs.AplusB(one, theirs.invA(one))


CASES = [
    Case(
        "MP(1/4)",
        lambda: MarchenkoPastur("1/4"),
        {
            "freealg": freealg_marchenko_pastur(0.25),
            "rmtool": rmtool(lambda theirs: theirs.wishartpol("1/4"), 1),
            "scikit-rmt": skrmt(0.25),
        },
    ),
    Case(
        "MP(1/4) + SC, eps = 1/10: (18)",
        lambda: wishart_wigner("1/4", "1/10"),
        {
            "freealg": freealg_levy(0.25, 0.2),
            "rmtool": rmtool(with_semicircle, 1),
            "scikit-rmt": "no free sums",
        },
    ),
    Case(
        "refined, eps = phi = 1/2: (30)",
        lambda: refined("1/2", "1/2"),
        {
            "freealg": "no negative jumps",
            "rmtool": rmtool(refined_model, 1),
            "scikit-rmt": "no free sums",
        },
    ),
    Case(
        "MP(1/4) + 1/MP(1/4)",
        lambda: MarchenkoPastur("1/4") + inverse(MarchenkoPastur("1/4")),
        {
            "freealg": "no sum of given laws",
            "rmtool": rmtool(with_inverse, 1),
            "scikit-rmt": "no free sums",
        },
    ),
]


def three_and_three(theirs: Any) -> Any:
    """Two laws of three atoms by rmtool."""
    third = 1 / 3
    return theirs.AplusB(theirs.atomLmz([0, 2, 5], [0.5, 0.25, 0.25]), theirs.atomLmz([0, 1, 3], [third, third, third]))


CASES.append(
    Case(
        "3 atoms + 3 atoms",
        lambda: Discrete({0: "1/2", 2: "1/4", 5: "1/4"}) + Discrete({0: "1/3", 1: "1/3", 3: "1/3"}),
        {"freealg": "no sum of given laws", "rmtool": rmtool(three_and_three, 2), "scikit-rmt": "no free sums"},
    )
)


def milliseconds(run: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """The shortest of some runs, and the last answer."""
    best, answer = float("inf"), None
    for _ in range(repeats):
        clock = process_time()
        answer = run()
        best = min(best, process_time() - clock)
        if best > 2:
            break
    return 1000 * best, answer


def row(case: Case, who: str, build: Any, xs: np.ndarray, exact: dict[int, float]) -> str:
    """One line of the table."""
    if isinstance(build, str):
        return f"| {case.name} | {who} | {build} | | | | |"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            build()  # imports
            made, (density, edges) = milliseconds(build)
            points, values = milliseconds(lambda: np.asarray(density(xs), dtype=float))
    except ImportError:
        return f"| {case.name} | {who} | not installed | | | | |"
    error = max(abs(values[i] - exact[i]) for i in exact)
    mass = float(np.nan_to_num(values).sum() * (xs[1] - xs[0]))
    negative = int((values < -1e-9).sum())
    return f"| {case.name} | {who} | {made:.1f} | {points:.1f} | {error:.1e} | {mass:.3f} | {negative} | {edges} |"


def main() -> None:
    """Print the versions and the table."""
    for name in PEERS:
        try:
            print(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            print(f"{name}: not installed")
    print()
    print("| law | package | build, ms | 1000 densities, ms | largest error | total mass | negative | edges |")
    print("|---|---|---|---|---|---|---|---|")
    for case in CASES:
        spectrum = case.law().spectrum
        low, high = spectrum.edges[0].value, spectrum.edges[-1].value
        margin = (high - low) / 2
        xs = np.linspace(low - margin, high + margin, POINTS + 1)[1:]
        bands = [(a.value + 0.01 * margin, b.value - 0.01 * margin) for a, b in spectrum.bands]
        within = [i for i in range(POINTS) if any(a < xs[i] < b for a, b in bands)]
        exact = {i: float(spectrum.density(float(xs[i]), 18)) for i in within[:: len(within) // 40]}
        print(row(case, "symrelu", ours(case.law), xs, exact), flush=True)
        for who, build in case.peers.items():
            print(row(case, who, build, xs, exact), flush=True)


if __name__ == "__main__":
    main()
