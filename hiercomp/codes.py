"""The table of diagnostic codes: what each means, with a spec that shows it and the same spec mended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeInfo:
    """One row: `bad` is a spec that raises the code, `good` the same spec mended (either may be empty for files)."""

    code: str
    title: str
    explanation: str
    bad: str = ""
    good: str = ""


_ROWS: tuple[CodeInfo, ...] = (
    CodeInfo(
        "H2",
        "unknown without a prior",
        "Every unknown needs a distribution. A flat prior is not assumed, because it may not be what was meant and may "
        "not even give a proper posterior. Write a prior, or `~ Flat()` to ask for a constant density.",
        "y_i ~ Normal(mu, 1)\nz_i = mu\n",
        "y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 10)\n",
    ),
)

CODES: dict[str, CodeInfo] = {row.code: row for row in _ROWS}
