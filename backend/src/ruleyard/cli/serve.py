"""Serve the API and the built SPA until SIGTERM, then finish the requests at hand."""

from __future__ import annotations

import argparse
from dataclasses import replace
from socket import socket

NAME = "serve"
HELP = "the API and the SPA"
_DRAIN_S = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (RULEYARD_HOST, 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (RULEYARD_PORT, 8000)")


def run(args: argparse.Namespace) -> int:
    import uvicorn

    from ruleyard.api.app import create_app, end_streams
    from ruleyard.core.errors import Conflict
    from ruleyard.embedded.ports import taken
    from ruleyard.logs import configure_logs
    from ruleyard.settings import read_settings

    settings = read_settings()
    settings = replace(settings, host=args.host or settings.host, port=args.port or settings.port)
    if taken(settings.host, settings.port):
        raise Conflict(
            f"Port {settings.port} on {settings.host} is in use by another program. "
            "Choose another one with --port."
        )
    app = create_app(settings)
    configure_logs(settings.log_level)  # after the framework had its say

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket] | None = None) -> None:
            end_streams(app)
            await super().shutdown(sockets)

    server = Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_DRAIN_S,
            lifespan="on",
        )
    )
    server.run()
    return 0 if server.started else 1
