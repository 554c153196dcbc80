"""Where the grammar and the templates are: inside an installed package, or at the top of a checkout."""

from __future__ import annotations

import os
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
    from platformdirs import user_cache_path  # noqa: PLC0415

    folder = user_cache_path("hiercomp") / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
