"""A PyMC module's text made into its model."""

from __future__ import annotations

import linecache
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from inspect import signature
from types import ModuleType
from typing import Any

import numpy as np

from hiercomp.engines.base import EngineError, ProgramInput
from hiercomp.engines.cache import content_key


def load_model(program: ProgramInput, *, predict: bool = False, pointwise: bool = False) -> Any:
    """Return the ``pymc.Model`` of a module: what its ``build_model(data)`` returns, or else its ``model``.

    With `predict`, the model that also has what is only drawn after sampling: ``build_model(data, predict=True)``,
    where the function has such a parameter. With `pointwise`, likewise, the one with a density for each observation.

    Raises:
        EngineError: stage ``load``, with the line of the module where it went wrong.
    """
    pymc: Any = import_module("pymc")  # a second to import
    pytensor: Any = import_module("pytensor")
    file = f"{program.name}_pymc.py"
    module = ModuleType(f"hiercomp_program_{content_key([program.name, program.text])}")
    module.__file__ = file
    sys.modules[module.__name__] = module  # where PyMC's own sampler, which pickles models, looks for their functions
    linecache.cache[file] = (len(program.text), None, program.text.splitlines(keepends=True), file)
    try:
        with (
            _streams_kept(),
            np.errstate(all="ignore"),
            # Without this PyTensor keeps literals such as 10 in eight bits and their logarithms in single precision.
            pytensor.config.change_flags(cast_policy="numpy+floatX"),
        ):
            exec(compile(program.text, file, "exec"), module.__dict__)
            builder = getattr(module, "build_model", None)
            wanted = {"predict": predict, "pointwise": pointwise}
            options = {name: True for name, asked in wanted.items() if asked and _takes(builder, name)}
            model = builder(dict(program.data), **options) if callable(builder) else getattr(module, "model", None)
    except SyntaxError as error:
        line = error.lineno if error.filename == file else None
        raise EngineError("load", f"SyntaxError: {error.msg}", line, program.name) from error
    except KeyboardInterrupt:
        raise  # the user's own, or a program's that is not to be told from it
    except BaseException as error:  # sys.exit, and what a program derives from BaseException, end no check
        raise EngineError("load", _words(error), _line(error, file), program.name) from error
    if not isinstance(model, pymc.Model):
        found = "build_model(data) returns something else" if callable(builder) else "it defines neither"
        words = (
            f"expected a function build_model(data) that returns a pymc.Model, or a pymc.Model called model; {found}"
        )
        raise EngineError("load", words, None, program.name)
    return model


class _Shared:
    """A stream lent to somebody else's program: all of it works but that it cannot be closed."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def close(self) -> None:
        self._stream.flush()


@contextmanager
def _streams_kept() -> Generator[None]:
    """Keep the standard streams, whatever a program does to `sys.stdout`: the report is still to be written there."""
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Shared(kept[0]), _Shared(kept[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept


def _takes(builder: Any, option: str) -> bool:
    return callable(builder) and option in signature(builder).parameters


def _words(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).strip()


def _line(error: BaseException, file: str) -> int | None:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else None
