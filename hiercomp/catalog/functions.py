"""The functions of the language, one row each."""

from __future__ import annotations

from hiercomp.catalog.schema import Function
from hiercomp.catalog.trees import FAR, HALF, ONE, PI, TWO, ZERO, X, Y, add, call, div, mul, neg, op, power, sub
from hiercomp.expr import Choose, number

_SPECIAL = "scipy.special."
_LOG_HALF = neg(call("log", TWO))
_LOG_NEGATED_EXPM1 = call("log", neg(call("expm1", X)))
_LOG1P_NEGATED_EXP = call("log1p", neg(call("exp", X)))
_STEP = Choose(((op(">=", X, ZERO), ONE),), ZERO)
_AWAY_FROM_ZERO = Choose(
    ((op(">=", X, ZERO), call("floor", add(X, HALF))),),
    call("ceil", sub(X, HALF)),
)
# Stan 2.27 has the value, but derives it to four digits only; erfc itself it derives exactly. Far out the continued
# fraction of Mills' ratio (DLMF 7.9.2).
_MILLS = add(neg(X), div(ONE, add(neg(X), div(TWO, add(neg(X), div(number(3), add(neg(X), div(number(4), neg(X)))))))))
_LOG_PHI = Choose(
    (
        (
            op("<", X, neg(FAR)),
            sub(mul(neg(HALF), power(X, TWO)), add(mul(HALF, call("log", mul(TWO, PI))), call("log", _MILLS))),
        ),
    ),
    call("log", mul(HALF, call("erfc", div(neg(X), call("sqrt", TWO))))),
)
_VARIANCE = div(call("sum", call("square", sub(X, call("mean", X)))), sub(call("count", X), ONE))


# One row to one or two lines, so that it can be read as the table it is.
# fmt: off
ELEMENTWISE = (
    Function("exp", (), 1, "exp", "pt.exp", "np.exp", image="positive", inverse="log"),
    Function("log", ("ln",), 1, "log", "pt.log", "np.log", domain="positive", inverse="exp"),
    Function("log2", (), 1, "log2", "pt.log2", "np.log2", domain="positive"),
    Function("log10", (), 1, "log10", "pt.log10", "np.log10", domain="positive"),
    Function("sqrt", (), 1, "sqrt", "pt.sqrt", "np.sqrt", "nonnegative", "nonnegative", inverse="square"),
    Function("square", (), 1, "square", "pt.square", "np.square", image="nonnegative", inverse="sqrt"),
    Function("abs", ("fabs",), 1, "abs", "pt.abs", "np.abs", image="nonnegative", stan_vectorised=False,
             stan_integers="abs"),
    Function("inv_logit", ("sigmoid", "expit", "invlogit"), 1, "inv_logit", "pm.math.sigmoid", _SPECIAL + "expit",
             image="unit", inverse="logit", doc="1 / (1 + exp(-x))"),
    Function("logit", (), 1, "logit", "pm.math.logit", _SPECIAL + "logit", domain="unit", inverse="inv_logit",
             doc="log(p / (1 - p))"),
    Function("log_inv_logit", ("log_sigmoid",), 1, "log_inv_logit", neg(call("log1p_exp", neg(X))),
             _SPECIAL + "log_expit", doc="log(inv_logit(x)), exact in both tails"),
    Function("log1m_inv_logit", (), 1, "log1m_inv_logit", neg(call("log1p_exp", X)),
             call("log_inv_logit", neg(X)), doc="log(1 - inv_logit(x)), exact in both tails"),
    Function("Phi", ("std_normal_cdf", "normal_cdf", "pnorm", "inv_probit", "invprobit"), 1, "Phi", "pm.math.invprobit",
             _SPECIAL + "ndtr", image="unit", inverse="probit", doc="the standard normal distribution function"),
    Function("log_Phi", ("log_ndtr", "std_normal_lcdf"), 1, _LOG_PHI,
             call("pm.logcdf", call("pm.Normal.dist"), X), _SPECIAL + "log_ndtr", stan_vectorised=False,
             doc="log(Phi(x)), exact in both tails"),
    Function("probit", ("inv_Phi", "qnorm"), 1, "inv_Phi", mul(neg(call("sqrt", TWO)), call("pt.erfcinv", mul(TWO, X))),
             _SPECIAL + "ndtri", domain="unit", inverse="Phi", doc="the standard normal quantile function"),
    Function("cloglog", (), 1, call("log", neg(call("log1m", X))), call("log", neg(call("log1m", X))),
             call("log", neg(call("log1m", X))), domain="unit", inverse="inv_cloglog", doc="log(-log(1 - p))"),
    Function("inv_cloglog", ("invcloglog",), 1, "inv_cloglog", neg(call("expm1", neg(call("exp", X)))),
             neg(call("expm1", neg(call("exp", X)))), image="unit", inverse="cloglog", doc="1 - exp(-exp(x))"),
    Function("log1p", (), 1, "log1p", "pt.log1p", "np.log1p", inverse="expm1", doc="log(1 + x), exact for small x"),
    Function("expm1", (), 1, "expm1", "pt.expm1", "np.expm1", inverse="log1p", doc="exp(x) - 1, exact for small x"),
    Function("log1m", (), 1, "log1m", call("log1p", neg(X)), call("log1p", neg(X)), doc="log(1 - x)"),
    Function("log1p_exp", ("softplus", "log1pexp"), 1, "log1p_exp", "pt.softplus", call("np.logaddexp", ZERO, X),
             image="positive", doc="log(1 + exp(x))"),
    Function("log1m_exp", ("log1mexp",), 1, "log1m_exp", "pt.log1mexp",
             Choose(((op(">", X, _LOG_HALF), _LOG_NEGATED_EXPM1),), _LOG1P_NEGATED_EXP),
             doc="log(1 - exp(x)) for negative x"),
    Function("sin", (), 1, "sin", "pt.sin", "np.sin"),
    Function("cos", (), 1, "cos", "pt.cos", "np.cos"),
    Function("tan", (), 1, "tan", "pt.tan", "np.tan"),
    Function("asin", ("arcsin",), 1, "asin", "pt.arcsin", "np.arcsin"),
    Function("acos", ("arccos",), 1, "acos", "pt.arccos", "np.arccos"),
    Function("atan", ("arctan",), 1, "atan", "pt.arctan", "np.arctan"),
    Function("sinh", (), 1, "sinh", "pt.sinh", "np.sinh"),
    Function("cosh", (), 1, "cosh", "pt.cosh", "np.cosh", image="positive"),
    Function("tanh", (), 1, "tanh", "pt.tanh", "np.tanh"),
    Function("floor", (), 1, "floor", "pt.floor", "np.floor"),
    Function("ceil", ("ceiling",), 1, "ceil", "pt.ceil", "np.ceil"),
    Function("round", (), 1, "round", "pt.round_half_away_from_zero", _AWAY_FROM_ZERO, doc="halves away from zero"),
    Function("step", ("heaviside",), 1, "step", _STEP, _STEP, image="unit", stan_vectorised=False,
             doc="0 below zero, else 1"),
    Function("erf", (), 1, "erf", "pt.erf", _SPECIAL + "erf"),
    Function("erfc", (), 1, "erfc", "pt.erfc", _SPECIAL + "erfc", image="positive"),
    Function("lgamma", ("gammaln", "log_gamma", "loggamma"), 1, "lgamma", "pt.gammaln", _SPECIAL + "gammaln",
             domain="positive", doc="the logarithm of the gamma function"),
    Function("gamma", ("tgamma",), 1, "tgamma", "pt.gamma", _SPECIAL + "gamma", domain="positive"),
    Function("digamma", ("psi",), 1, "digamma", "pt.digamma", _SPECIAL + "digamma", domain="positive"),
)

BINARY = (
    Function("pow", ("power",), 2, power(X, Y), power(X, Y), power(X, Y), doc="x ^ y"),
    Function("fmin", ("min", "minimum"), 2, "fmin", "pt.minimum", "np.minimum", doc="the smaller of two",
             stan_integers="min"),
    Function("fmax", ("max", "maximum"), 2, "fmax", "pt.maximum", "np.maximum", doc="the larger of two",
             stan_integers="max"),
    Function("atan2", ("arctan2",), 2, "atan2", "pt.arctan2", "np.arctan2", stan_vectorised=False),
    Function("log_add_exp", ("log_sum_exp", "logaddexp"), 2, "log_sum_exp", "pt.logaddexp", "np.logaddexp",
             stan_vectorised=False, doc="log(exp(x) + exp(y))"),
    Function("log_diff_exp", ("logdiffexp",), 2, "log_diff_exp", "pm.math.logdiffexp",
             add(X, call("log1m_exp", sub(Y, X))), doc="log(exp(x) - exp(y)) for x above y"),
    Function("lbeta", ("betaln", "log_beta"), 2, "lbeta",
             sub(add(call("lgamma", X), call("lgamma", Y)), call("lgamma", add(X, Y))), _SPECIAL + "betaln",
             domain="positive", doc="the logarithm of the beta function"),
    Function("log_choose", ("lchoose",), 2, "lchoose",
             sub(call("lgamma", add(X, ONE)), add(call("lgamma", add(Y, ONE)), call("lgamma", add(sub(X, Y), ONE)))),
             neg(add(call("log1p", X), call("lbeta", add(sub(X, Y), ONE), add(Y, ONE)))),
             domain="nonnegative", stan_vectorised=False, doc="the logarithm of the binomial coefficient"),
)

# Stan has the value, but derives it to zero where x > 10 * a.
_GAMMA_P = Choose(((op(">", Y, X), sub(ONE, call("gamma_q", X, Y))),), call("gamma_p", X, Y))

INCOMPLETE_GAMMA = (
    Function("inc_gamma", ("gammainc", "gamma_p"), 2, _GAMMA_P, "pt.gammainc", _SPECIAL + "gammainc",
             domain="nonnegative", image="unit", stan_vectorised=False,
             doc="the regularised lower incomplete gamma function"),
    Function("gamma_q", ("gammaincc",), 2, "gamma_q", "pt.gammaincc", _SPECIAL + "gammaincc", domain="nonnegative",
             image="unit", stan_vectorised=False, doc="the regularised upper incomplete gamma function"),
)

TERNARY = (
    Function("inc_beta", ("betainc",), 3, "inc_beta", "pt.betainc", _SPECIAL + "betainc", domain="nonnegative",
             image="unit", stan_vectorised=False, doc="the regularised incomplete beta function of (a, b, x)"),
)

REDUCTIONS = (
    Function("sum", (), 1, "sum", "pt.sum", "np.sum", elementwise=False, reduction=True),
    Function("mean", ("average",), 1, "mean", "pt.mean", "np.mean", elementwise=False, reduction=True),
    Function("sd", ("std", "stdev"), 1, "sd", call("sqrt", _VARIANCE), call("sqrt", _VARIANCE), image="nonnegative",
             elementwise=False, reduction=True, doc="the sample standard deviation, with n - 1"),
    Function("var", ("variance",), 1, "variance", _VARIANCE, _VARIANCE, image="nonnegative", elementwise=False,
             reduction=True, doc="the sample variance, with n - 1"),
    Function("min", (), 1, "min", "pt.min", "np.min", elementwise=False, reduction=True),
    Function("max", (), 1, "max", "pt.max", "np.max", elementwise=False, reduction=True),
    Function("prod", ("product",), 1, "prod", "pt.prod", "np.prod", elementwise=False, reduction=True),
    Function("count", ("length", "num_elements"), 1, "num_elements", call("pt.sum", call("pt.ones_like", X)),
             "np.size", image="count", elementwise=False, reduction=True, doc="how many elements"),
    Function("log_sum_exp", ("logsumexp",), 1, "log_sum_exp", "pt.logsumexp", _SPECIAL + "logsumexp",
             elementwise=False, reduction=True, doc="log(sum(exp(x)))"),
)

PRODUCTS = (
    Function("dot", ("dot_product", "inner"), 2, "dot_product", "pt.dot", "np.vecdot", elementwise=False,
             doc="vector times vector"),
    Function("matvec", (), 2, "*", "@", "np.matvec", elementwise=False, doc="matrix times vector"),
    Function("vecmat", (), 2, "*", "@", "np.vecmat", elementwise=False, doc="vector times matrix"),
    Function("matmul", (), 2, "*", "@", "np.matmul", elementwise=False, doc="matrix times matrix"),
    Function("transpose", ("t",), 1, "'", "pt.matrix_transpose", "np.matrix_transpose", elementwise=False,
             doc="rows for columns"),
    Function("diag", ("diag_matrix",), 1, "diag_matrix", "pt.diag", "np.diag", elementwise=False,
             doc="the square matrix that has the vector on its diagonal"),
    Function("add_diag", (), 2, "add_diag", add(X, Y), add(X, Y), elementwise=False,
             doc="a square matrix with a number added along its diagonal"),
    Function("cholesky", ("cholesky_decompose", "chol"), 1, "cholesky_decompose", "pt.linalg.cholesky",
             "np.linalg.cholesky", elementwise=False,
             doc="the lower triangular matrix that, times its transpose, is this positive definite one"),
    Function("inverse", ("inv",), 1, "inverse", "pt.linalg.inv", "np.linalg.inv", elementwise=False,
             doc="the matrix that, times this square one, has ones on its diagonal and zeros elsewhere"),
    Function("det", ("determinant",), 1, "determinant", "pt.linalg.det", "np.linalg.det", elementwise=False,
             doc="the determinant of a square matrix"),
    Function("log_det", ("logdet", "log_determinant"), 1, "log_determinant", "pt.linalg.slogdet", "np.linalg.slogdet",
             elementwise=False, doc="the logarithm of the absolute value of the determinant"),
    Function("trace", (), 1, "trace", call("sum", call("diagonal", X)), call("sum", call("diagonal", X)),
             elementwise=False, doc="the sum of the diagonal of a square matrix"),
    Function("outer", ("outer_product",), 2, "*", "*", "np.multiply.outer", elementwise=False,
             doc="the matrix of all products of an element of the first vector and one of the second"),
    Function("diagonal", (), 1, "diagonal", "pt.diagonal", "np.diagonal", elementwise=False,
             doc="the diagonal of a square matrix"),
)

ALONG = (
    Function("cumsum", ("cumulative_sum",), 1, "cumulative_sum", "pt.cumsum", "np.cumsum", elementwise=False,
             along=True, doc="the sums of the first one, the first two, ... of the elements"),
    Function("softmax", (), 1, "softmax", "pm.math.softmax", _SPECIAL + "softmax", image="unit", elementwise=False,
             along=True, doc="exp(x) / sum(exp(x))"),
    Function("log_softmax", (), 1, "log_softmax", "pm.math.log_softmax", _SPECIAL + "log_softmax", elementwise=False,
             along=True, doc="x - log_sum_exp(x)"),
)
# fmt: on

ROWS = (*ELEMENTWISE, *BINARY, *INCOMPLETE_GAMMA, *TERNARY, *REDUCTIONS, *ALONG, *PRODUCTS)
