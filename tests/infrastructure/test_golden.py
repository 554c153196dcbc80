"""The golden-file fixture itself: it compares bytes, fails on what is missing, and writes only when asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent.parent / "conftest.py"


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    tests = pytester.mkdir("tests")
    (tests / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    write_test(tests, "one\\ntwo\\n")
    return pytester


def write_test(tests: Path, text: str) -> None:
    (tests / "test_it.py").write_text(f'def test_it(golden):\n    golden("sub/it.txt", "{text}")\n', encoding="utf-8")


def test_missing_file_fails_and_shows_how_to_accept(project: pytest.Pytester) -> None:
    result = project.runpytest("tests")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*sub/it.txt does not exist*--update-golden*", "two"])


def test_update_writes_and_then_passes(project: pytest.Pytester) -> None:
    project.runpytest("tests", "--update-golden").assert_outcomes(passed=1)
    assert (project.path / "tests/golden/sub/it.txt").read_bytes() == b"one\ntwo\n"
    project.runpytest("tests").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("text", "seen"),
    [("one\\n2\\n", "+2"), ("one\\ntwo", "+two\\ no line break at the end"), ("one\\r\\ntwo\\n", "+one\\r")],
)
def test_any_difference_fails_with_a_diff(project: pytest.Pytester, text: str, seen: str) -> None:
    project.runpytest("tests", "--update-golden")
    write_test(project.path / "tests", text)
    result = project.runpytest("tests")
    result.assert_outcomes(failed=1)
    assert seen in result.outlines
    assert (project.path / "tests/golden/sub/it.txt").read_bytes() == b"one\ntwo\n"


def test_updating_is_refused_in_ci(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    result = project.runpytest("tests", "--update-golden")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert not (project.path / "tests/golden").exists()


def test_paths_outside_the_folder_fail(project: pytest.Pytester) -> None:
    (project.path / "tests/test_it.py").write_text(
        'def test_it(golden):\n    golden("../x.txt", "")\n', encoding="utf-8"
    )
    project.runpytest("tests", "--update-golden").assert_outcomes(failed=1)
    assert not (project.path / "tests/x.txt").exists()
