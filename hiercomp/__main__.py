"""``python -m hiercomp``, and what the installed command ``hiercomp`` calls."""

from __future__ import annotations

import gc
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
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
