"""The command line."""

from __future__ import annotations

from typing import NoReturn

from hiercomp.cli.commands import app
from hiercomp.cli.running import run

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line; the statuses that it ends with are those of `hiercomp.cli.running`."""
    run(app)
