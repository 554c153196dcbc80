"""``python -m hiercomp``, and what the installed command ``hiercomp`` calls."""

from __future__ import annotations

import gc
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; see `hiercomp.cli`."""
    # Nearly all that a command allocates, modules first, lives until its end: to look for garbage there takes a tenth
    # of a build's time.
    gc.set_threshold(100_000)
    from hiercomp.cli import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
