"""How a process of the command line ends: what it says, and with which status.

Exit status: 0 done (and, for ``check``, agree), 1 disagree, 2 bad input, 3 cannot say, 70 a bug of ours.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable
from typing import NoReturn

import typer

from hiercomp.diagnostics import Diagnostic, SpecError

BAD_INPUT, CANNOT_SAY, INTERNAL_ERROR, INTERRUPTED = 2, 3, 70, 130


def run(app: typer.Typer) -> NoReturn:
    """Run the command that the process was started with, and exit with the statuses above."""
    _open_streams()
    try:
        _only(app, sys.argv[1:2])
        try:
            app()
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):  # click makes it status 1, which means 'disagree'
                raise end.__context__ from None
            sys.stdout.flush()  # here, where a failure can still be told from one of ours
            raise
    except SpecError as error:
        say(error.diagnostics)
        raise SystemExit(BAD_INPUT) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is wrong, and there is nowhere to say so.
        drop_output()
        raise SystemExit(0) from None
    except Exception as error:  # the last resort: whatever gets here is ours to mend
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            drop_output()
            typer.echo(f"error[H91]: the output cannot be written: {(error.strerror or '').lower()}", err=True)
            raise SystemExit(BAD_INPUT) from None
        if type(error).__name__ == "EngineMissing":
            typer.echo(f"cannot say: {error}", err=True)
            raise SystemExit(CANNOT_SAY) from None
        if "HIERCOMP_DEBUG" in os.environ:
            raise
        typer.echo(
            f"internal error: {type(error).__name__}: {error}\n"
            "This is a bug of hiercomp, not of your spec. Run again with HIERCOMP_DEBUG=1 for the traceback, and "
            "please report it with the spec.",
            err=True,
        )
        raise SystemExit(INTERNAL_ERROR) from None
    raise SystemExit(0)


def _open_streams() -> None:
    """Make sure that there is something to write to, and that no character stops it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller: `>&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream := getattr(sys, name), io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Let what is still to be written go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _only(app: typer.Typer, words: list[str]) -> None:
    """Leave the other commands out when the first word names one: typer reads all signatures before it runs one."""
    commands = [item for item in app.registered_commands if item.callback]
    named = [item for item in commands if [item.name or getattr(item.callback, "__name__", "")] == words]
    if named:
        app.registered_commands = named


def say(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics on standard error."""
    for diagnostic in diagnostics:
        typer.echo(diagnostic.render() + "\n", err=True)
