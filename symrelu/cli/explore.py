"""The command that opens the explorer in a browser."""

from __future__ import annotations

import sys

import click

from symrelu.cli.group import main
from symrelu.cli.terminal import print_text

DEFAULT_PORT = 8750


@main.command(short_help="A page in the browser for exploring types and families.")
@click.option("--port", type=int, default=DEFAULT_PORT, show_default=True, metavar="N", help="0 takes any free port.")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def explore(port: int, no_browser: bool) -> None:
    """Choose an isotropy type and a limit in the browser, and see the family.

    W in block form, the series typeset with a slider for the order, loss and spectrum against d with the thresholds, W
    as a heat map at a chosen d, the exact spectrum, and the isotropy lattice to click through; LaTeX and commands to be
    copied. What takes long shows its progress and can be stopped. The page is served on this machine only (127.0.0.1),
    to whoever has the printed address; it needs no network. Ctrl-C ends it.

    \b
    symrelu explore
    symrelu explore --port 0 --no-browser
    """
    from symrelu.explore.server import serve

    def announce(address: str) -> None:
        print_text(f"symrelu explore: {address}  (Ctrl-C ends it)")
        sys.stdout.flush()
        if not no_browser:
            import webbrowser

            webbrowser.open(address)

    serve(port, announce)
