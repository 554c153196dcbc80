"""The wheel, installed away from the checkout: grammar and templates are inside it, and it builds a spec."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.slow


def run(*command: str | Path, folder: Path) -> str:
    # Without these the checkout, or whatever the caller had in mind, could stand in for what the wheel lacks.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(list(command), cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, folder=folder)
    (built,) = folder.glob("hiercomp-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `hiercomp` of an environment that has nothing else.

    Its dependencies are those of this environment, found through a path file: to install them again would take minutes
    and show nothing. The editable hiercomp in there comes later on the path, and its finder is not started.
    """
    place = tmp_path_factory.mktemp("env")
    run(sys.executable, "-m", "venv", "--without-pip", place / "v", folder=place)
    python = place / "v" / "bin" / "python"
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=place).strip())
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", own, wheel, folder=place)
    shared = sysconfig.get_path("purelib")
    (own / "shared.pth").write_text(f"{shared}\n", encoding="utf-8")
    home = run(python, "-c", "import hiercomp; print(hiercomp.__file__)", folder=place)
    assert Path(home.strip()).is_relative_to(own)
    script = place / "v" / "bin" / "hiercomp"
    script.write_text(f"#!{python}\nfrom hiercomp.cli import main\nmain()\n", encoding="utf-8")
    script.chmod(0o755)
    return script


def test_contents(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    here = {
        f"hiercomp/_{path.relative_to(ROOT).as_posix()}"
        for folder in ("grammar", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "hiercomp").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert here
    assert here <= names
    assert package <= names
    assert not [name for name in names if name.startswith(("tests", "specs"))]
    assert not [name for name in names if name.endswith(".pyc")]


def test_build_elsewhere(installed: Path, specs: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("eight_schools.hier", "data/eight_schools.csv"):
        (tmp_path / name).write_bytes((specs / name).read_bytes())
    run(installed, "build", "--no-stanc", "eight_schools.hier", "-o", "out", folder=tmp_path)
    from hiercomp import build, load

    ours = build(load(tmp_path / "eight_schools.hier"), tmp_path / "ours", stanc=False)
    assert len(ours) == 24
    for path in ours:
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes()


def test_version(installed: Path, tmp_path: Path) -> None:
    import hiercomp

    assert run(installed, "--version", folder=tmp_path) == f"hiercomp {hiercomp.__version__}\n"
