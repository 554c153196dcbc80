"""Which Stan engine runs."""

from __future__ import annotations

from hiercomp.engines.base import Engine, EngineMissing
from hiercomp.engines.locate import find_cmdstan


def choose_stan(engine: str | None = None) -> Engine:
    """Return the Stan engine of that name (``cmdstan`` or ``embedded``); without one, CmdStan where it is found.

    Raises:
        EngineMissing: there is none, or not the one that was asked for.
        ValueError: no engine has that name.
    """
    match engine:
        case "cmdstan":
            from hiercomp.engines.cmdstan import CmdStan  # noqa: PLC0415

            return CmdStan()
        case "embedded":
            from hiercomp.engines.embedded import EmbeddedStan  # noqa: PLC0415

            return EmbeddedStan()
        case None:
            if find_cmdstan() is not None:
                return choose_stan("cmdstan")
            try:
                return choose_stan("embedded")
            except EngineMissing as error:
                raise EngineMissing(f"no Stan engine: {error}; or run `hiercomp install-cmdstan`") from error
        case _:
            raise ValueError(f"no Stan engine is called {engine!r}: there are cmdstan and embedded")
