"""Where the grammar and the templates are: inside an installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource_dir(name: str) -> Path:
    """Return the folder ``grammar`` or ``templates``.

    A wheel carries them as ``hiercomp/_grammar`` and ``hiercomp/_templates``; a checkout (an editable install) has
    them beside the package.
    """
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name
