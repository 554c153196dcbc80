"""The cache folder: what was compiled or checked once is not done again, whoever asks and however many at a time.

Entries are folders named by the hash of everything that went into them. They are built under another name and renamed
when complete, so an entry is whole or absent; a lock per entry keeps two processes from doing the same work.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

KEEP_BYTES = 2_000_000_000
STALE_SECONDS = 24 * 3600


def cache_root() -> Path:
    """Return the cache folder: ``HIERCOMP_CACHE`` if set, else the user's cache folder of this platform."""
    given = os.environ.get("HIERCOMP_CACHE")
    if given:
        return Path(given).expanduser().resolve()
    from platformdirs import user_cache_dir  # noqa: PLC0415  (only where something is cached)

    return Path(user_cache_dir("hiercomp"))


def content_key(parts: Iterable[str]) -> str:
    """Return the name of an entry made from `parts`; where one part ends and the next begins counts."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()[:32]


def entry_path(kind: str, key: str) -> Path:
    """Return where the entry of this kind and key is, or will be."""
    return cache_root() / kind / key


def find_entry(kind: str, key: str) -> Path | None:
    """Return the entry if it is there, and note that it was used."""
    path = entry_path(kind, key)
    if not path.is_dir():
        return None
    with contextlib.suppress(OSError):  # a cache that can only be read is still a cache
        os.utime(path)
    return path


def build_entry(kind: str, key: str, fill: Callable[[Path], None]) -> Path:
    """Return the entry, calling `fill(folder)` to make it if it is not there.

    Whatever `fill` raises is passed on, and leaves nothing behind.
    """
    found = find_entry(kind, key)
    if found is not None:
        return found
    from filelock import FileLock  # noqa: PLC0415  (25 ms that a hit does not pay)

    target = entry_path(kind, key)
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_suffix(".lock")):
        found = find_entry(kind, key)
        if found is not None:
            return found
        making = Path(tempfile.mkdtemp(prefix=f".{key[:8]}-", dir=target.parent))
        try:
            fill(making)
            making.chmod(0o755)
            making.replace(target)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    return target


def read_text(kind: str, key: str) -> str | None:
    """Return the text stored under this key, or None."""
    try:
        return entry_path(kind, key).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def write_text(kind: str, key: str, text: str) -> None:
    """Store a text under this key; a folder that cannot be written to is no cache, and no error either."""
    target = entry_path(kind, key)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{key[:8]}-", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(target)
    except OSError:
        return


def prune(kind: str, keep_bytes: int = KEEP_BYTES) -> None:
    """Remove the entries used longest ago until the rest fit, and what a killed process left half made."""
    folder = cache_root() / kind
    if not folder.is_dir():
        return
    now = time.time()
    entries: list[tuple[float, int, Path]] = []
    for path in folder.iterdir():
        try:
            used = path.stat().st_mtime
            if path.name.startswith("."):
                if now - used > STALE_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)
            elif path.is_dir():
                entries.append((used, sum(item.stat().st_size for item in path.rglob("*") if item.is_file()), path))
        except OSError:
            continue  # another process was quicker
    total = sum(size for _, size, _ in entries)
    for used, size, path in sorted(entries, key=lambda entry: entry[0]):
        if total <= keep_bytes or now - used < STALE_SECONDS:
            break
        shutil.rmtree(path, ignore_errors=True)
        path.with_suffix(".lock").unlink(missing_ok=True)
        total -= size
