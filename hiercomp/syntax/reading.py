"""Files to text: one place that knows what can be wrong with a file before it is read as a spec."""

from __future__ import annotations

import re
from os import PathLike, fspath
from pathlib import Path

from hiercomp.diagnostics import Diagnostic, SpecError
from hiercomp.source import Source

_BOM = b"\xef\xbb\xbf"
_LONE_RETURN = re.compile(r"\r(?!\n)")


def read_source(path: str | PathLike[str]) -> Source:
    """Return the text of a spec or document: UTF-8, with or without a byte order mark, with any line breaks.

    Raises `SpecError` for a file that is missing, is a folder, cannot be read, is not UTF-8 or holds nothing.
    """
    name = fspath(path)
    text = _decode(name, _read(name)).removeprefix("\ufeff")
    if not text.strip():
        raise _fail(
            "H32",
            f"{_shown(name)} is empty",
            expected="statements such as `y_i ~ Normal(theta_i, sigma_i)`",
            found="nothing but white space" if text else "a file of no bytes",
            help_="the smallest model is a line for the data and one for each unknown",
        )
    # The few files whose lines end in a lone carriage return keep their offsets, but gain lines.
    return Source(name, _LONE_RETURN.sub("\n", text))


def _fail(code: str, message: str, *, expected: str, found: str, help_: str) -> SpecError:
    return SpecError([Diagnostic(code, message, None, expected, found, help_)])


def _shown(name: str) -> str:
    return f"`{name.encode('utf-8', 'replace').decode('utf-8')}`"


def _read(name: str) -> bytes:
    try:
        path = Path(name)
        if path.is_dir():
            raise _fail(
                "H30",
                f"{_shown(name)} is a folder",
                expected="a spec (.hier) or a document (.md)",
                found="a folder",
                help_=_beside(path),
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise _fail(
            "H30",
            f"{_shown(name)} does not exist",
            expected="a spec (.hier) or a document (.md)",
            found="no file of that name",
            help_=_near(name),
        ) from None
    except PermissionError:
        raise _fail(
            "H30",
            f"{_shown(name)} cannot be read",
            expected="a file that can be read",
            found="no permission to read it",
            help_="let this user read the file, or copy it",
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _fail(
            "H30",
            f"{_shown(name)} cannot be read",
            expected="the name of a file",
            found=reason.lower(),
            help_="give the path of a spec (.hier) or of a document (.md)",
        ) from None


def _beside(folder: Path) -> str:
    specs = sorted(item.name for item in folder.glob("*.hier"))[:3]
    return "it holds " + ", ".join(specs) if specs else "no spec (.hier) is in that folder; is it another one?"


def _near(name: str) -> str:
    """Name the specs that stand where the missing file was looked for."""
    folder = Path(name).parent
    if not folder.is_dir():
        return f"the folder {_shown(str(folder))} does not exist either"
    return _beside(folder)


def _decode(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        start = before.rfind(b"\n") + 1
        skipped = len(_BOM) if start == 0 and before.startswith(_BOM) else 0
        column = len(before[start + skipped :].decode("utf-8", "replace")) + 1
        raise _fail(
            "H31",
            f"{_shown(name)} is not UTF-8 text: line {line}, column {column}, byte {error.start + 1}",
            expected="a text file in UTF-8",
            found=f"the byte 0x{data[error.start]:02X}",
            help_=_encoding(data),
        ) from None


def _encoding(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "the file looks like UTF-16; save it as UTF-8"
    if b"\0" in data[:1000]:
        return "this is not a text file; give the spec that is written as text"
    return "it may be Latin-1 or Windows-1252; save it as UTF-8"
