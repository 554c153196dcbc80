"""Every error says what was expected, what was found and how to mend it: in all messages that tests keep, and in code.

No finding is an exception. A new one that says less fails here, whichever layer it belongs to.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from hiercomp.diagnostics import Diagnostic
from hiercomp.records import replace
from hiercomp.source import Source, Span

ROOT = Path(__file__).parent.parent.parent
PARTS = ("expected", "found", "help")
KEPT = sorted(path for path in (ROOT / "tests" / "golden").rglob("*.txt") if "error[" in path.read_text())
FIELDS = ("code", "message", "primary", *PARTS, "severity")


def lacking(text: str) -> list[str]:
    """Return what the errors of a rendered report do not say, as ``H1 help``."""
    blocks = [block for block in re.split(r"(?m)^(?=(?:error|warning|note)\[)", text) if block.startswith("error[")]
    return [
        f"{block[6 : block.index(']')]} {part}"
        for block in blocks
        for part in PARTS
        if not re.search(rf"(?m)^  {part}: +\S", block)
    ]


def incomplete(tree: ast.AST) -> list[tuple[int, str]]:
    """Return the line of every `Diagnostic(...)` of an error that is made without one of the parts, and which."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Diagnostic"):
            continue
        given = dict(zip(FIELDS, node.args, strict=False)) | {item.arg: item.value for item in node.keywords}
        if "severity" in given and "ERROR" not in ast.unparse(given["severity"]):
            continue
        empty = [part for part in PARTS if part not in given or may_be_empty(given[part])]
        found += [(node.lineno, part) for part in empty]
    return found


def may_be_empty(value: ast.expr) -> bool:
    """Say whether one of the values that an expression chooses between is the empty text."""
    match value:
        case ast.Constant(value=""):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return may_be_empty(body) or may_be_empty(orelse)
        case ast.BoolOp(values=[*_, last]):
            return may_be_empty(last)
        # Near names may be none.
        case ast.Call(func=ast.Name(id="did_you_mean")):
            return True
        case _:
            return False


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_kept_messages_say_how_to_mend(path: Path) -> None:
    assert lacking(path.read_text(encoding="utf-8")) == []


def test_there_are_kept_messages() -> None:
    assert len(KEPT) > 200


@pytest.mark.parametrize("part", PARTS)
def test_a_message_that_says_less_is_caught(part: str) -> None:
    span = Span(Source("s.hier", "x = 3 +\n"), 7, 8)
    whole = Diagnostic("H36", "it ends too early", span, "a value", "the end", "write a value after `+`")
    less = replace(whole, **{part: ""})
    assert lacking(f"{whole.render()}\n\nwarning[W1]: well\n") == []
    assert lacking(f"{whole.render()}\n\n{less.render()}\n\nnote[N1]: well\n") == [f"H36 {part}"]


def test_no_error_is_made_without_its_parts() -> None:
    bare = {
        f"{path.relative_to(ROOT)}:{line} {part}"
        for path in sorted((ROOT / "hiercomp").rglob("*.py"))
        for line, part in incomplete(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert bare == set()


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ('Diagnostic("H1", m, s, "a", "b", "c")', []),
        ('Diagnostic("H1", m, s, "a", "b")', ["help"]),
        ('Diagnostic("H1", m, s, found="b", help="c")', ["expected"]),
        ('Diagnostic("H1", m, s, "a", f"{x}", "c" if x else "")', ["help"]),
        ('Diagnostic("H1", m, s, "a", "b", did_you_mean(near))', ["help"]),
        ('Diagnostic("H1", m, s, "a", "b", did_you_mean(near) or "c")', []),
        ('Diagnostic("W1", m, s, severity=Severity.WARNING)', []),
        ('Diagnostic("W1", m, s, severity=Severity.ERROR if x else Severity.WARNING)', ["expected", "found", "help"]),
    ],
)
def test_code_that_makes_less_is_caught(code: str, parts: list[str]) -> None:
    assert [part for _, part in incomplete(ast.parse(code))] == parts
