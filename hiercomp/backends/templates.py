"""Templates by name, compiled once a machine: jinja2 takes longer to compile one than to print all models of a spec."""

from __future__ import annotations

from functools import cache
from typing import Any
from zlib import crc32

import jinja2

from hiercomp.resources import cache_dir, resource_dir

_OPTIONS: dict[str, Any] = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
}


@cache
def template(name: str) -> jinja2.Template:
    """Return the template of this name in ``templates/``. Names it uses and is not given are errors."""
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    # jinja2 looks whether the text is the one compiled, but not with which options and by which version.
    key = crc32(repr((jinja2.__version__, sorted(_OPTIONS.items()))).encode())
    folder = cache_dir(f"templates-{key:08x}")
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource_dir("templates")),
        undefined=jinja2.StrictUndefined,
        bytecode_cache=jinja2.FileSystemBytecodeCache(str(folder)) if folder else None,
        **_OPTIONS,
    )
