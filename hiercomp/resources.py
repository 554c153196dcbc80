"""Where the grammar and the templates are: inside an installed package, or at the top of a checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource_dir(name: str) -> Path:
    """Return the folder ``grammar`` or ``templates``.

    A wheel carries them as ``hiercomp/_grammar`` and ``hiercomp/_templates``; a checkout (an editable install) has
    them beside the package.
    """
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name


def cache_dir(name: str) -> Path | None:
    """Return a folder for what can be made again, in the user's cache folder; None where nothing can be written."""
    home = os.environ.get("XDG_CACHE_HOME")
    if sys.platform.startswith("linux") and (not home or os.path.isabs(home)):
        # As platformdirs has it, whose import takes longer than it takes to read what is cached.
        base = Path(home) if home else Path("~/.cache").expanduser()
    else:
        from platformdirs import user_cache_path  # noqa: PLC0415

        base = user_cache_path()
    folder = base / "hiercomp" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
