"""What a user would do without symrelu, timed in the same run: `python benchmarks/rivals.py` (or `make rivals`).

* SymPy's `series` on the first gradient entry of case 1b, along its known leading terms, with a time limit;
* Maxima's and FriCAS's series of the same explicit expression, if they are installed (Debian: maxima, fricas), at
several orders;
* symrelu's answer to the whole problem (which the others do not attempt): the implicit system solved to the same order.

Maxima and FriCAS expand an explicit expression; they are the bar for that, not for solving a system.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

LIMIT = 60.0  # seconds for each attempt

# cos of the angle of two rows of 1b with a_1 = -1 + 2 t^2, a_2 = 2 t^2, d = t^-2, and the angle itself: one term of
# the gradient
COSINE = "(2*(-1+2*t^2)*2*t^2 + (t^(-2)-2)*4*t^4)/((-1+2*t^2)^2 + (t^(-2)-1)*4*t^4)"
OWN = "(-1+2*t^2)/sqrt((-1+2*t^2)^2 + (t^(-2)-1)*4*t^4)"


def timed(command: list[str], text: str | None = None) -> str:
    """Seconds that a command takes, or why there is no figure."""
    clock = perf_counter()
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer in {LIMIT:.0f} s"
    seconds = perf_counter() - clock
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        return f"failed after {seconds:.1f} s: {' '.join(last)[:80]}"
    return f"{seconds:.2f} s"


def sympy_series(order: int) -> str:
    """SymPy's series of the first gradient entry of 1b (divided by d) in t, at t = 0+, along the leading terms."""
    program = f"""
import sympy
from symrelu.families import family
from symrelu.model.expression import D, gradient_expression
t = sympy.Symbol("t", positive=True)
f = gradient_expression(family("1b").problem).explicit()["F_1"]
a1, a2 = sympy.symbols("a_1 a_2", real=True)
g = (f / D).subs({{a1: -1 + 2*t**2, a2: 2*t**2, D: t**-2}})
print(sympy.series(g, t, 0, {order}))
"""
    return timed([sys.executable, "-c", program])


def maxima(order: int) -> str:
    """Maxima's taylor of the two angles."""
    if not shutil.which("maxima"):
        return "not installed"
    text = "; ".join(f"taylor(acos({cosine}), t, 0, {order})" for cosine in (COSINE, OWN))
    return timed(["maxima", "--very-quiet", "--batch-string", f"assume(t>0)$ {text};"])


def fricas(order: int) -> str:
    """FriCAS's series of the two angles."""
    if not shutil.which("fricas"):
        return "not installed"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "probe.input"
        lines = [
            f")set streams calculate {order}",
            f"series(acos({COSINE}), t = 0)",
            f"series(acos({OWN}), t = 0)",
            ")quit",
        ]
        script.write_text("\n".join(lines) + "\n")
        return timed(["fricas", "-nosman", "-eval", f")read {script}"])


def symrelu(order: int) -> str:
    """The whole problem: entries and loss of 1b, from isotropy type and limit, cold process."""
    return timed([sys.executable, "-m", "symrelu", "series", "1b", "--order", str(order)])


def main() -> None:
    """Print the table."""
    heads = ("SymPy series, one entry", "Maxima, two angles", "FriCAS, two angles", "symrelu, whole system")
    print("order  " + " ".join(f"{head:<28}" for head in heads))
    for order in (4, 8, 16, 32):
        print(
            f"{order:>5}  {sympy_series(order):<28} {maxima(order):<28} {fricas(order):<28} {symrelu(order)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
