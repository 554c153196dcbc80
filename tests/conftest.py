"""What all tests share: golden files and where the specs are."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden anew instead of comparing with it"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        raise pytest.UsageError("--update-golden is refused where CI is set: golden files are accepted by a person")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the modules that compile first, so that in the end no worker waits for another one's longest module.

    The longest is the first of all, and those for PyMC follow: two that need CmdStan would both wait for its build.
    """
    slow = {_module(item) for item in items if item.get_closest_marker("engine")}

    def turn(item: pytest.Item) -> int:
        module = _module(item)
        if module not in slow:
            return 3
        return 0 if module.endswith("test_eight_schools.py") else 1 if module.startswith("tests/backends/") else 2

    items.sort(key=turn)


def _module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@pytest.fixture(scope="session")
def specs() -> Path:
    """Return the folder of the project's own specs."""
    return ROOT / "specs"


@pytest.fixture(scope="session")
def bad() -> Path:
    """Return the folder of bad input: every file in it has its diagnostics in tests/golden."""
    return ROOT / "tests" / "bad"


def _visible(text: str) -> list[str]:
    lines = text.replace("\r", "\\r").split("\n")
    return lines[:-1] if not lines[-1] else [*lines[:-1], lines[-1] + "\\ no line break at the end"]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return a function that compares `text` with ``tests/golden/<relative_path>``, or writes it when updating."""
    folder = Path(__file__).parent / "golden"
    updating: bool = request.config.getoption("--update-golden")

    def compare(relative_path: str, text: str) -> None:
        __tracebackhide__ = True
        path = folder / relative_path
        if not path.resolve().is_relative_to(folder.resolve()):
            pytest.fail(f"{relative_path} lies outside tests/golden", pytrace=False)
        # Bytes, so that neither line endings nor a missing last newline can slip through.
        if updating:
            if not path.is_file() or path.read_bytes() != text.encode():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
            return
        accept = f"if the new text is right, accept it: pytest --update-golden {request.node.nodeid!r}"
        if not path.is_file():
            pytest.fail(f"tests/golden/{relative_path} does not exist; {accept}\n\n{text}", pytrace=False)
        wanted = path.read_bytes().decode()
        if wanted != text:
            shown = "\n".join(
                difflib.unified_diff(
                    _visible(wanted), _visible(text), f"tests/golden/{relative_path}", "now", lineterm=""
                )
            )
            pytest.fail(f"tests/golden/{relative_path} differs; {accept}\n\n{shown}", pytrace=False)

    return compare
