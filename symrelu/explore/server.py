"""Serving the page: on the loopback interface only, with a token that the printed address holds."""

from __future__ import annotations

import contextlib
import importlib.util
import secrets
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from symrelu.errors import BadInput

HOST = "127.0.0.1"
DEFAULT_PORT = 8750
SESSION_TTL = 120  # seconds that a page whose connection is lost is waited for
PIP = "pip install 'symrelu[explore]'"


def check_installed() -> None:
    """BadInput, with the line that installs it, where marimo is missing."""
    if importlib.util.find_spec("marimo") is None:
        raise BadInput(f"the explorer needs marimo, which is not installed; try: {PIP}")


def listening(port: int) -> socket.socket:
    """A socket on the loopback interface; port 0 takes any free one. BadInput for a port that is in use or no port."""
    if not 0 <= port <= 65535:
        raise BadInput(f"--port {port} was given; ports are numbered to 65535, and 0 takes any free one")
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((HOST, port))
        found.listen(64)
    except OSError as error:
        found.close()
        raise BadInput(
            f"port {port} cannot be used ({error.strerror}); try --port 0, which takes any free one"
        ) from None
    return found


def application(token: str) -> Any:
    """The ASGI application: the page read-only, its code never sent, other hosts' names refused."""
    import marimo
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from symrelu.explore.pieces import HEAD

    page = Path(__file__).with_name("app.py")
    builder = marimo.create_asgi_app(
        quiet=True, include_code=False, token=token, session_ttl=SESSION_TTL, html_head=HEAD
    ).with_app(path="", root=str(page))
    return TrustedHostMiddleware(builder.build(), allowed_hosts=[HOST, "localhost"])


def serve(port: int, announce: Callable[[str], None], token: str | None = None) -> None:
    """Serve until Ctrl-C. ``announce`` is told the address as soon as it answers; ``token``: a new one by default.

    Raises BadInput where marimo is missing and for a port that cannot be used.
    """
    check_installed()
    import uvicorn

    from symrelu.explore.jobs import shared

    token = token or secrets.token_urlsafe(16)
    with contextlib.closing(listening(port)) as found:
        address = f"http://{HOST}:{found.getsockname()[1]}/?access_token={token}"
        config = uvicorn.Config(
            application(token), log_level="critical", access_log=False, timeout_graceful_shutdown=1, lifespan="on"
        )

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                announce(address)

        try:
            Server(config).run(sockets=[found])
        except KeyboardInterrupt:
            pass
        finally:
            shared().close()
