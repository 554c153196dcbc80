"""What a row of the table of codes holds."""

from __future__ import annotations

from hiercomp.records import record


@record
class CodeInfo:
    """One row: `bad` is a spec that raises the code, `good` the same spec mended (either may be empty for files)."""

    code: str
    title: str
    explanation: str
    bad: str = ""
    good: str = ""
