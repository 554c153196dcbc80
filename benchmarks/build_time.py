"""What a build costs: the whole process against the imports it cannot do without, and time against statements.

    python benchmarks/build_time.py [--runs 15] [--json FILE] [--large 100000]

With `--large` nothing but files of so many statements and of a tenth of them is built, and there is no target.

Exit status 1 when a target is missed. Runs are interleaved, so that a busy machine slows both sides alike, and the
medians are compared.
"""

from __future__ import annotations

import argparse
import compileall
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPORTS = [sys.executable, "-c", "import typer, lark, jinja2"]
BUILD = [sys.executable, "-m", "hiercomp", "build", "--no-stanc"]
PROCESS_TARGET = 1.6
SCALING_TARGET = 1.5
SIZES = (1_000, 10_000)


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the wall and the processor time of a process."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def process_ratio(runs: int, folder: Path) -> dict[str, float]:
    """Compare `hiercomp build --no-stanc specs/eight_schools.hier` with importing typer, lark and jinja2."""
    build = [*BUILD, str(ROOT / "specs" / "eight_schools.hier"), "-o", "out"]
    compileall.compile_dir(ROOT / "hiercomp", quiet=1)  # as the installer does for the packages it is compared with
    for command in (IMPORTS, build):  # fill the caches
        seconds(command, folder)
    runs_of = [(*seconds(IMPORTS, folder), *seconds(build, folder)) for _ in range(runs)]
    imports, imports_cpu, whole, whole_cpu = (statistics.median(column) for column in zip(*runs_of, strict=True))
    return {
        "imports_ms": imports * 1e3,
        "build_ms": whole * 1e3,
        "ratio": whole / imports,
        "processor_ratio": whole_cpu / imports_cpu,
    }


def spec_of(statements: int) -> str:
    """Return a spec of this many statements: many small regressions side by side, each a third of a model's kinds."""
    lines: list[str] = []
    for number in range(statements // 3):
        lines += [
            f"b{number}x ~ Normal(0, {1 + number % 7})  [note {number}]",
            f"m{number}x = 2 * b{number}x + {number}",
            f"y{number}x_i ~ Normal(m{number}x, 1)",
        ]
    return "\n".join(lines) + "\n"


def scaling(runs: int) -> dict[str, float]:
    """Compare the time per statement of a long spec with that of a short one, from text to both programs."""
    from hiercomp import load  # noqa: PLC0415

    gc.set_threshold(100_000)  # as the command line has it
    each: dict[int, list[float]] = {size: [] for size in SIZES}
    texts = {size: spec_of(size) for size in SIZES}
    for run in range(runs + 1):
        for size in SIZES:
            start = time.process_time()
            program = load(texts[size], name=f"{size}.hier")
            (name,) = program.models
            program.stan(name)
            program.pymc(name)
            if run:  # the first run pays for imports
                each[size].append((time.process_time() - start) / size)
    short, long = (min(each[size]) for size in SIZES)
    return {"short_us": short * 1e6, "long_us": long * 1e6, "ratio": long / short}


def large_specs(statements: int) -> dict[str, str]:
    """Return one long spec of each kind: nothing depends on anything, all on one, each on the next, and mixed."""
    count = range(statements)
    return {
        "unused": "".join(f"b{n}x ~ Normal(0, 1)\n" for n in count),
        "star": "mu ~ Normal(0, 1)\n" + "".join(f"b{n}x ~ Normal(mu, 1)\n" for n in count),
        "chain": "".join(f"b{n}x ~ Normal({f'b{n + 1}x' if n + 1 < statements else 0}, 1)\n" for n in count),
        "mixed": spec_of(statements),
    }


def large(statements: int, folder: Path) -> None:
    """Print what a whole build costs in processor time, for each kind of long spec at two sizes."""
    sizes = (statements // 10, statements)
    print(f"processor time     {sizes[0]:>8,} statements   {sizes[1]:>8,} statements")
    for kind in large_specs(3):
        figures: list[str] = []
        for size in sizes:
            (folder / f"{kind}.hier").write_text(large_specs(size)[kind], encoding="utf-8")
            _, cpu = seconds([*BUILD, f"{kind}.hier", "-o", "out"], folder)
            figures.append(f"{cpu:8.1f} s {cpu / size * 1e6:6.0f} us each")
        print(f"{kind:12}{'   '.join(figures)}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--large", type=int, metavar="STATEMENTS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.large:
            large(options.large, folder)
            return 0
        process = process_ratio(options.runs, folder)
        print(f"imports of typer, lark, jinja2   {process['imports_ms']:8.1f} ms")
        print(f"build of eight_schools.hier      {process['build_ms']:8.1f} ms")
        print(f"ratio                            {process['ratio']:8.2f}     (target {PROCESS_TARGET})")
        print(f"ratio of processor times         {process['processor_ratio']:8.2f}")
        growth = scaling(max(options.runs // 5, 1))
        print(f"a statement of {SIZES[0]:6,}            {growth['short_us']:8.1f} us")
        print(f"a statement of {SIZES[1]:6,}            {growth['long_us']:8.1f} us")
        print(f"ratio                            {growth['ratio']:8.2f}     (target {SCALING_TARGET})")
    if options.json:
        options.json.write_text(json.dumps({"process": process, "scaling": growth}, indent=2) + "\n", encoding="utf-8")
    return int(process["ratio"] > PROCESS_TARGET or growth["ratio"] > SCALING_TARGET)


if __name__ == "__main__":
    sys.exit(main())
