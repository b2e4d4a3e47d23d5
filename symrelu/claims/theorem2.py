"""The claims of Theorem 2 and section 4.2 of the main paper (arXiv 2107.10370), as printed."""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.theorem1 import PAPER

FAMILIES = ("1a", "1b", "2a", "2b", "3a", "3b", "4")

# The table of Theorem 2: a name for each line, the eigenvalue to O(d**(-1/2)), its multiplicity.
TABLE = (
    ("zero", "0", "d"),
    ("antisymmetric", "1/4 - 1/(2*pi)", "(d - 1)*(d - 2)/2"),
    ("half", "1/2 - 1/pi", "d - 1"),
    ("quarter", "1/4", "d - 1"),
    ("symmetric", "1/4 + 1/(2*pi)", "d*(d - 3)/2"),
    ("rows", "d/4 + 1/2", "d - 1"),
    ("first", "d/4 + (-4 + pi + pi**2)/(2*pi*(-4 + pi))", "1"),
    ("second", "d/pi + (-10*pi + 8 + pi**2)/(2*pi*(-4 + pi))", "1"),
)

# Section 4.2: the eigenvalue of the (n-2,2) component at Fix(Delta S_d), as displayed. nu = nu_(1), nu_2 =
# nu_(1)^(2) = sin of
# the angle alpha = alpha_(1)^(2) of two rows of W, beta_1 = beta_(1)^(1), beta_2 = beta_(1)^(2); mu_2 = mu_(1)^(2)
# = sin(beta_2).
_SQUARES = (
    "a_1**2/(2*pi*nu**2*nu_2) + a_1**2*sin(alpha)/(2*pi*nu**2*nu_2**2) - a_1*a_2/(pi*nu**2*nu_2)"
    " - a_1*a_2*sin(alpha)/(pi*nu**2*nu_2**2) + a_2**2/(2*pi*nu**2*nu_2) + a_2**2*sin(alpha)/(2*pi*nu**2*nu_2**2)"
    " + alpha/(2*pi) + (d - 1)*sin(alpha)/(2*pi) - (d - 1)*sin(beta_2)/(2*pi*nu) - sin(beta_1)/(2*pi*nu)"
)
# in our copy of the text the last denominator is 2 pi (nu_(1)^(2))**nu_(1), which looks damaged: a norm as exponent,
# and mu_(1)^(2), which the next line defines, used nowhere
LAST_TERM_AS_TRANSCRIBED = f"{_SQUARES} - sin(beta_2)/(2*pi*nu_2_to_the_nu)"
LAST_TERM_AS_PRODUCT = f"{_SQUARES} - sin(beta_2)/(2*pi*nu_2*nu)"
LAST_TERM_REPAIRED = f"{_SQUARES} - sin(beta_2)/(2*pi*mu_2**2*nu)"


def claims() -> Iterator[Claim]:
    """All claims, family by family."""
    source = f"{PAPER}, Theorem 2"
    for name in FAMILIES:
        for line, value, multiplicity in TABLE:
            yield Claim(
                f"theorem2.{name}.{line}",
                source,
                f"eigenvalue {value} + O(d**(-1/2)) of multiplicity {multiplicity}",
                "spectrum_line",
                name,
                multiplicity,
                value,
                "d**(-1/2)",
            )
        yield Claim(
            f"theorem2.{name}.total",
            source,
            "the eight lines of the table are the whole spectrum: k(d + 1) eigenvalues, both layers trained",
            "spectrum_total",
            name,
            "",
            "; ".join(f"{value} : {multiplicity}" for _, value, multiplicity in TABLE),
        )
        yield Claim(
            f"theorem2.{name}.nonnegative", source, "the spectrum is nonnegative (for all large d)", "nonnegative", name
        )
        yield Claim(
            f"theorem2.{name}.nonnegative-from-9",
            source,
            "the spectrum is nonnegative for every d >= 9",
            "minimum",
            name,
        )
    yield Claim(
        "theorem2.second-layer-fixed",
        f"{source} (another reading of 'set to one')",
        "the table is the spectrum of the Hessian by W alone, the second layer fixed at one (case 1b)",
        "table_of_one_layer",
        "1b",
        "",
        "; ".join(f"{value} : {multiplicity}" for _, value, multiplicity in TABLE),
    )
    section = f"{PAPER}, section 4.2"
    yield Claim(
        "theorem2.vector",
        section,
        "the displayed vector spans a copy of the (d-2,2) component of M(d,d)",
        "y_vector",
        "1a",
    )
    yield Claim(
        "theorem2.display",
        f"{section}, as transcribed in our copy",
        "the displayed eigenvalue of the (d-2,2) component, its last term sin(beta_2)/(2 pi (nu_(1)^(2))**nu_(1))",
        "y_display",
        "1b",
        "",
        LAST_TERM_AS_TRANSCRIBED,
    )
    yield Claim(
        "theorem2.display.product",
        f"{section} (one reading)",
        "the displayed eigenvalue of the (d-2,2) component, the exponent in its last term read as a factor: "
        "sin(beta_2)/(2 pi nu_(1)^(2) nu_(1))",
        "y_display",
        "1b",
        "",
        LAST_TERM_AS_PRODUCT,
    )
    yield Claim(
        "theorem2.display.repaired",
        f"{section} (our reading)",
        "the displayed eigenvalue of the (d-2,2) component, its last term read as sin(beta_2)/(2 pi (mu_(1)^(2))**2 "
        "nu_(1)), mu_(1)^(2) = sin(beta_2)",
        "y_display",
        "1b",
        "",
        LAST_TERM_REPAIRED,
    )
