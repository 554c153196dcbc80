"""What a row of the catalogue holds. Spellings are expression trees over the row's parameters, not string templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from hiercomp.expr import Expr
from hiercomp.records import record

ParamSupport = Literal[
    "real", "positive", "nonnegative", "unit", "count", "positive int", "int",
    "simplex", "ordered", "corr", "cov", "cholesky corr", "cholesky cov",
]  # fmt: skip
Kind = Literal["continuous", "discrete"]
Target = Literal["stan", "pymc", "reference"]
Shape = Literal[
    "", "simplex", "ordered", "positive ordered", "sum to zero", "unit vector", "corr", "cov", "cholesky corr",
    "cholesky cov",
]  # fmt: skip

_NONE: Mapping[str, float] = MappingProxyType({})
_NO_AXES: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@record
class Param:
    """A canonical parameter. `role` is the word of the field for it: location, scale, sd, rate, shape, probability...

    `default` is for rows with a value that everybody assumes; no row has one so far (a shorter list of arguments is a
    `Signature` of its own). `axes` are letters, one for each axis of the parameter's own: those of a row that share a
    letter run over one index set (the concentration of a Dirichlet has the axis of its simplex).
    """

    name: str
    role: str
    support: ParamSupport
    default: Expr | None = None
    axes: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it has to be a whole number."""
        return self.support in ("count", "positive int", "int")


@record
class Signature:
    """One way to give the arguments: the argument names in order, and each canonical parameter in terms of them.

    `convert` maps every canonical parameter to a tree over ``Ref(argument name)``. `positional` says whether the
    arguments may stand without names (at most one signature per arity may). `supports` is parallel to `args`.
    `fixed` names arguments that have to be the constant given (the location of ``Half-Cauchy(0, 10)``); they do not
    occur in `convert`. With `listed`, the only argument is a vector, and its elements may stand one by one:
    ``Dirichlet(1, 1, 1)``. `axes` has the letters of the axes of those arguments that have some. With `row`, these
    arguments make a distribution of the row with that name, whose canonical parameters `convert` has.
    """

    args: tuple[str, ...]
    convert: Mapping[str, Expr]
    positional: bool = False
    supports: tuple[ParamSupport, ...] = ()
    fixed: Mapping[str, float] = _NONE
    listed: bool = False
    axes: Mapping[str, tuple[str, ...]] = _NO_AXES
    row: str = ""


@record
class Spelling:
    """How a target calls it: a function name and arguments over ``Ref(canonical parameter)``.

    `keywords` is parallel to `args` where the target wants names (PyMC, SciPy), else empty (Stan). An empty `name`:
    the density is constant and the target needs no call (``Flat`` in Stan). Stan names stand without ``_lpdf``, PyMC
    names without ``pm.``, SciPy names without ``scipy.stats.``. ``families.``: of `hiercomp.reference`.
    """

    name: str
    args: tuple[Expr, ...]
    keywords: tuple[str, ...] = ()


@record
class Unsupported:
    """The target lacks it; `reason` is shown to the user."""

    reason: str


@record
class Limit:
    """Where a target's own density is less exact than 1e-8 of a term, and how exact it is there. `check` prints it.

    `error` is relative; infinite, it excuses a density that is not finite where it should be. Limits with `least_left`
    or `where` are those of truncated statements: where a truncation leaves less than that of the distribution, or the
    tree over the parameters is true, the target's normaliser is no good, and densities are not compared. So are those
    with `argument`: where it depends on unknowns, the target's derivatives by them are wrong, and are not compared.
    With `rounding` it is not known beforehand how exact the target is: `check` finds it at every point, as how much
    the density changes when the elements of covariances are rounded. With `certain`, the derivatives of an outcome
    whose log probability is above minus that have the wrong sign, and nothing smaller than they are is an error.
    """

    target: Target
    domain: str
    error: float = 0.0
    least_left: float = 0.0
    where: Expr | None = None
    argument: str = ""
    rounding: bool = False
    certain: float = 0.0

    @property
    def of_truncation(self) -> bool:
        return self.least_left > 0 or self.where is not None or bool(self.argument)


@record
class Fusion:
    """This row is `base` with its parameter `param` = `func`(this row's `argument`): Bernoulli(p = inv_logit(x))."""

    base: str
    param: str
    func: str
    argument: str


@record
class Distribution:
    """One row.

    `signatures` has every way to give the arguments, the canonical one first. `words` maps further argument names
    (``mu``, ``sigma``, ``nu``) to those of the signatures.
    `lower`/`upper` bound the variate (trees over parameters, None: unbounded). `half` marks a distribution whose Stan
    density is a full, symmetric one on a variable constrained to the positive half-line (off by the constant log 2;
    a draw is the absolute value of a draw of the full one); `reference_half` says the same of SciPy's.
    `stan` is the name without ``_lpdf``/``_lpmf``. It, and that of `pymc`, may be the name of a density that the module
    `own` of the backend adds to programs. `stan_rng` is what to call for draws (without ``_rng``) where that differs.
    A target in `own` has no such density, or a less exact one: programs for it get `log_density` as a function with
    the name that the spelling has, which takes the canonical parameters in order, and `draw` as its generator.
    `stan_vectorised`: density and ``_rng`` take arrays of arguments and variates.
    `has_cdf` says whether truncation can be emitted in every target; `log_cdf` and `log_ccdf` are trees over the
    parameters and ``Ref("x")`` that are exact in both tails where a closed form exists (within the support, open ends).
    `log_density` is the density as such a tree, with all constants: what the reference uses where SciPy's own loses
    digits, and what may be emitted where a target's own does. `draw` is a variate as a tree over the parameters and
    independent noise: ``Ref("uniform")`` between 0 and 1, ``Ref("normal")`` and ``Ref("exponential")``, both standard.
    `parts` names subtrees of all these, so that functions made of them compute each once.
    `event_axes` are the letters of the axes that one variate has, `event_shape` the space that it lies in; a variate
    that `picks` is the position, counted from 1, of a member of the index set with that letter. With `cuts` it
    is one of several categories in order, one more than there are elements of the parameter of that name.
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
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    lower: Expr | None = None
    upper: Expr | None = None
    half: bool = False
    reference_half: bool = False
    event_axes: tuple[str, ...] = ()
    event_shape: Shape = ""
    picks: str = ""
    cuts: str = ""
    has_cdf: bool = False
    improper: bool = False
    stan_rng: Spelling | Unsupported | None = None
    stan_vectorised: bool = True
    own: tuple[Target, ...] = ()
    log_density: Expr | None = None
    log_cdf: Expr | None = None
    log_ccdf: Expr | None = None
    draw: Expr | None = None
    parts: Mapping[str, Expr] = field(default_factory=dict[str, Expr])
    finite_variance: Expr | None = None
    fusion: Fusion | None = None
    conventions: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    doc: str = ""

    @property
    def event_rank(self) -> int:
        """How many axes one variate has."""
        return len(self.event_axes)

    @property
    def multivariate(self) -> bool:
        """Whether the variate or a parameter has axes of its own."""
        return bool(self.event_axes) or any(param.axes for param in self.params)

    @property
    def rng(self) -> Spelling | Unsupported:
        """What Stan calls for draws."""
        return self.stan if self.stan_rng is None else self.stan_rng

    def param(self, name: str) -> Param:
        for param in self.params:
            if param.name == name:
                return param
        raise KeyError(name)


@record
class Function:
    """A function of the language.

    `stan`, `pymc` and `numpy` are the targets' names for it (``exp``, ``pt.exp``, ``np.exp``; ``scipy.special.expit``),
    an infix or postfix operator (``*``, ``@``, ``'``), or a tree over ``Ref("x")`` (``Ref("x")``, ``Ref("y")`` for two
    arguments) where the target has no word of its own. A call in such a tree is to a function of the catalogue, or,
    where there is none of that name, to the target's own, verbatim.

    `domain` and `image` are supports, used to check arguments and to infer the support of derived quantities.
    `inverse` is the inverse on the domain, empty where there is none. Functions that are not `elementwise` are
    `reduction`s of one array to a scalar, go `along` one vector and make another of its length (cumsum, softmax), or
    have axes of their own (dot, matvec, ...). `stan_vectorised`: Stan applies it to vectors element by element in every
    version from 2.27 on. A `kernel` makes a matrix of a vector of points and the arguments it lists; its trees are over
    these and ``Ref("r")``, which is the tree `distance` over them and ``Ref("d")``, how far two points are apart. Of
    whole numbers those with `stan_integers`, Stan's word for it there, make whole numbers.
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
    reduction: bool = False
    along: bool = False
    stan_vectorised: bool = True
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    kernel: tuple[str, ...] = ()
    distance: Expr | None = None
    stan_integers: str = ""
