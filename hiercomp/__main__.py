"""``python -m hiercomp``, and what the installed command ``hiercomp`` calls."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; see `hiercomp.cli`."""
    # Nearly all that a command allocates, modules first, lives until its end. To look for garbage there takes a tenth
    # of a small build's time, a quarter of a large one's, and as much again when the interpreter looks once more before
    # it ends. So what is young is looked at now and then, which samplers need, and what is old never.
    gc.set_threshold(100_000, 50, 1_000_000)
    from hiercomp.cli import main as run  # noqa: PLC0415

    try:
        run()
    except SystemExit as end:
        if "numpy" in sys.modules or not isinstance(end.code, int):
            gc.freeze()
            raise  # what samples and compiles may have something to clear away
        _leave(end.code)


def _leave(status: int) -> NoReturn:
    """End the process without taking the interpreter apart, which takes as long as to emit a program."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
