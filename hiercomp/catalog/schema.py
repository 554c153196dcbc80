"""What a row of the catalogue holds. Spellings are expression trees over the row's parameters, never string templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from hiercomp.expr import Expr

ParamSupport = Literal["real", "positive", "nonnegative", "unit", "count", "positive int"]
Kind = Literal["continuous", "discrete"]


@dataclass(frozen=True, slots=True)
class Param:
    """A canonical parameter. `role` is the word of the field for it: location, scale, sd, rate, shape, probability..."""

    name: str
    role: str
    support: ParamSupport
    default: Expr | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to give the arguments: the argument names in order, and each canonical parameter in terms of them.

    `convert` maps every canonical parameter to a tree over ``Ref(argument name)``. `positional` says whether the
    arguments may stand without names (exactly one signature per arity may).
    """

    args: tuple[str, ...]
    convert: Mapping[str, Expr]
    positional: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a target calls it: a function name and arguments over ``Ref(canonical parameter)``.

    `keywords` is parallel to `args` where the target wants names (PyMC, SciPy), else empty (Stan).
    """

    name: str
    args: tuple[Expr, ...]
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The target lacks it; `reason` is shown to the user."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a target's own density is less exact than 1e-8 of a term, and how exact it is there. `check` prints it."""

    target: Literal["stan", "pymc", "reference"]
    domain: str
    error: float


@dataclass(frozen=True, slots=True)
class Fusion:
    """This row is `base` with its parameter `param` = `func`(this row's `argument`): Bernoulli(p = inv_logit(x))."""

    base: str
    param: str
    func: str
    argument: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """One row.

    `lower`/`upper` bound the variate (trees over parameters, None: unbounded). `half` marks a distribution whose Stan
    density is a full, symmetric one on a variable constrained to the positive half-line (off by the constant log 2).
    `stan` is the name without ``_lpdf``/``_lpmf``. `has_cdf` says whether truncation can be emitted in every target.
    `finite_variance` is a tree worth true where the variance exists (None: always), for tests and simulation only.
    """

    name: str
    aliases: tuple[str, ...]
    params: tuple[Param, ...]
    kind: Kind
    stan: Spelling | Unsupported
    pymc: Spelling | Unsupported
    scipy: Spelling | Unsupported
    signatures: tuple[Signature, ...] = ()
    lower: Expr | None = None
    upper: Expr | None = None
    half: bool = False
    event_rank: int = 0
    has_cdf: bool = False
    improper: bool = False
    fusion: Fusion | None = None
    conventions: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language. `stan`, `pymc` and `numpy` are the targets' names for it (``pt.exp``, ``np.exp``), or
    a tree over ``Ref("x")`` (``Ref("x")``, ``Ref("y")`` for two arguments) where the target has no word of its own.

    `domain` and `image` are supports, used to check arguments and to infer the support of derived quantities.
    """

    name: str
    aliases: tuple[str, ...]
    arity: int
    stan: str | Expr | Unsupported
    pymc: str | Expr | Unsupported
    numpy: str | Expr | Unsupported
    domain: ParamSupport = "real"
    image: ParamSupport = "real"
    inverse: str = ""
    doc: str = ""
    elementwise: bool = True
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
