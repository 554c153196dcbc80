"""The import rule: data goes one way through the layers, and a build pays only for what it uses."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent.parent / "hiercomp"

# A module imports only from ranks above its own (smaller numbers) or from its own layer.
RANKS = (
    ("records",),
    ("source", "resources", "files"),
    ("diagnostics", "codes"),
    ("expr", "dump"),
    ("syntax",),
    ("catalog",),
    ("data",),
    ("model",),
    ("plan",),
    ("backends", "reference"),
    ("engines",),
    ("agree",),
    ("program",),
    ("workflow",),
    ("api",),
    ("cli",),
    ("__main__",),
)
RANK = {layer: number for number, layers in enumerate(RANKS) for layer in layers}

# Where the general rule says less, or more, than is meant.
FORBIDDEN = {("catalog", "syntax"), ("backends", "syntax"), ("reference", "syntax"), ("engines", "syntax")}
FORBIDDEN |= {("agree", "syntax")}
ALLOWED = {("files", "diagnostics")}

# Third-party packages with one home. typer and rich also serve what the command line shows.
HOMES = {"lark": {"syntax"}, "jinja2": {"backends"}, "typer": {"cli"}, "cmdstanpy": {"engines"}, "stan": {"engines"}}

# What `build`, `fmt` and `explain` go through: there nothing heavy is imported when a module is.
LIGHT = {layer for layer, rank in RANK.items() if rank <= RANK["plan"]} | {
    "backends",
    "program",
    "api",
    "cli",
    "__main__",
}
HEAVY = {"arviz", "cmdstanpy", "httpstan", "matplotlib", "numpy", "nutpie", "pandas", "pyarrow", "pymc", "pytensor"}
HEAVY |= {"rich", "scipy", "stan", "xarray", "pygments"}
# In the layers below, these still wait until they are called for.
VERY_HEAVY = {"arviz", "cmdstanpy", "matplotlib", "nutpie", "pandas", "pymc", "pytensor", "stan"}


def violations(package: Path) -> list[str]:
    """Return what the modules of `package` import against the rule."""
    found: list[str] = []
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        layer = inside.parts[0].removesuffix(".py")
        where = inside.as_posix()
        if layer == "__init__":
            layer = "source"
        if layer not in RANK:
            found.append(f"{where}: {layer} is no layer")
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name, when in imports(tree):
            top, _, rest = name.partition(".")
            if top == package.name:
                found.extend(f"{where}: {message}" for message in inner(layer, rest.split(".")[0], when))
            elif top in HOMES and layer not in HOMES[top] and when != "typing":
                found.append(f"{where}: only {', '.join(sorted(HOMES[top]))} may import {top}")
            elif when == "module" and top in (HEAVY if layer in LIGHT else VERY_HEAVY):
                found.append(f"{where}: {top} is imported with the module, not when called for")
    return found


def inner(layer: str, other: str, when: str) -> Iterator[str]:
    """Yield what is wrong with a module of `layer` importing from the layer `other` of its own package."""
    if not other or layer == other:
        return
    if other not in RANK:
        # `from hiercomp import __version__` and the like
        if not other.startswith("__"):
            yield f"{other} is no layer"
    elif layer == "source" and when == "typing":
        return  # the package's own front door names what lies behind it for type checkers
    elif (layer, other) in FORBIDDEN or (RANK[other] >= RANK[layer] and (layer, other) not in ALLOWED):
        yield f"{layer} may not import {other}"


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each imported module, with when: with the ``module``, when a ``call`` asks, or only for ``typing``."""
    waiting: list[tuple[ast.AST, str]] = [(node, "module") for node in tree.body]
    while waiting:
        node, when = waiting.pop()
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, when) for alias in names)
            case ast.ImportFrom(module=None) | ast.ImportFrom(level=1 | 2 | 3):
                yield "hiercomp.<relative>", when
            case ast.ImportFrom(module=str(module), names=names):
                # `from hiercomp import api` imports hiercomp.api.
                yield from ((f"{module}.{alias.name}" if module == "hiercomp" else module, when) for alias in names)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                waiting.extend((child, "call" if when == "module" else when) for child in ast.iter_child_nodes(node))
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                waiting.extend((child, "typing") for child in node.body)
                waiting.extend((child, when) for child in node.orelse)
            case _:
                waiting.extend((child, when) for child in ast.iter_child_nodes(node))


def test_the_project_keeps_the_rule() -> None:
    assert violations(PACKAGE) == []


def test_every_layer_is_there() -> None:
    assert {
        layer for layer in RANK if not (PACKAGE / layer).exists() and not (PACKAGE / f"{layer}.py").exists()
    } == set()


@pytest.mark.parametrize(
    ("module", "text", "message"),
    [
        ("syntax/parse.py", "from hiercomp.model.ir import Model", "syntax may not import model"),
        ("syntax/parse.py", "import hiercomp.plan", "syntax may not import plan"),
        ("syntax/parse.py", "from hiercomp import backends", "syntax may not import backends"),
        ("syntax/parse.py", "from ..model import ir", "<relative> is no layer"),
        ("model/resolve.py", "def f():\n    from hiercomp.plan import ir", "model may not import plan"),
        ("backends/stan.py", "from hiercomp.reference import log_density", "backends may not import reference"),
        ("backends/stan.py", "from hiercomp.syntax import ast", "backends may not import syntax"),
        ("reference/density.py", "from hiercomp.backends import stan", "reference may not import backends"),
        ("catalog/table.py", "from hiercomp.syntax import ast", "catalog may not import syntax"),
        ("model/resolve.py", "import lark", "only syntax may import lark"),
        ("plan/make.py", "def f():\n    import jinja2", "only backends may import jinja2"),
        ("workflow/check.py", "from typer import echo", "only cli may import typer"),
        ("data/load.py", "import pandas as pd", "pandas is imported with the module, not when called for"),
        ("model/a.py", "class A:\n    import numpy", "numpy is imported with the module, not when called for"),
        (
            "plan/a.py",
            "try:\n    import scipy.stats\nexcept ImportError:\n    pass",
            "scipy is imported with the module",
        ),
        ("engines/a.py", "import pymc", "pymc is imported with the module, not when called for"),
        ("cli/commands.py", "import rich.console", "rich is imported with the module, not when called for"),
        ("stray.py", "", "stray is no layer"),
    ],
)
def test_a_breach_is_found(tmp_path: Path, module: str, text: str, message: str) -> None:
    path = tmp_path / "hiercomp" / module
    path.parent.mkdir(parents=True)
    path.write_text(text + "\n", encoding="utf-8")
    (found,) = violations(tmp_path / "hiercomp")
    assert found.startswith(f"{module}: ")
    assert message in found


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("syntax/parse.py", "import re\nimport lark\nfrom hiercomp.syntax.ast import Spec"),
        ("model/resolve.py", "from hiercomp.expr import Expr\nfrom hiercomp.data import Table"),
        ("data/parquet.py", "def f():\n    import pyarrow"),
        ("engines/a.py", "import numpy as np\nfrom hiercomp.plan.ir import Plan"),
        ("api.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from numpy.typing import NDArray"),
        ("workflow/report.py", "from hiercomp import __version__"),
    ],
)
def test_what_is_allowed_is_not_found(tmp_path: Path, module: str, text: str) -> None:
    path = tmp_path / "hiercomp" / module
    path.parent.mkdir(parents=True)
    path.write_text(text + "\n", encoding="utf-8")
    assert violations(tmp_path / "hiercomp") == []


# What a build of eight schools has no use for: it would pay for their imports all the same.
RARE = """
    model.backwards model.chains model.columns model.designs model.explain model.fixed model.fragments model.functions
    model.groups model.imputation model.joining model.joint model.lags model.latent model.levels model.linked
    model.mixtures model.moving model.observations model.origins model.stops model.texts model.wholes
    plan.joint plan.latent
    catalog.asymmetric catalog.discrete catalog.extremes catalog.lifetimes catalog.multivariate catalog.processes
    catalog.table backends.pymc.formulas backends.stan.formulas
    backends.pymc.chains backends.pymc.compound backends.pymc.recursion backends.stan.chains backends.stan.mixtures
    syntax.expectations syntax.problems.headers syntax.problems.lexical syntax.problems.statements
""".split()  # noqa: SIM905


def test_a_build_imports_no_construct_that_the_spec_lacks(tmp_path: Path) -> None:
    spec = Path(__file__).parent.parent.parent / "specs" / "eight_schools.hier"
    code = (
        f"import sys, hiercomp\nhiercomp.build(hiercomp.load({str(spec)!r}), {str(tmp_path)!r}, stanc=False)\n"
        "print(*[name for name in sys.modules if name.startswith('hiercomp.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("hiercomp.") for name in done.stdout.split()}
    assert "model.resolve" in loaded
    assert loaded.isdisjoint(RARE)
    for name in RARE:
        assert importlib.util.find_spec(f"hiercomp.{name}") is not None
