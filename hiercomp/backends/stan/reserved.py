"""Words that a Stan program cannot use as names, for every version from 2.27 on and for the C++ it becomes."""

from __future__ import annotations

import re

# Reserved by stanc 2.27 or by a later one.
_STAN = """
    array break cholesky_factor_corr cholesky_factor_cov column_stochastic_matrix complex complex_matrix
    complex_row_vector complex_vector continue corr_matrix cov_matrix data else false fatal_error for functions
    generated get_lp if in increment_log_prob int jacobian lower matrix model multiplier offset ordered parameters
    positive_ordered print profile quantities real reject repeat return row_stochastic_matrix row_vector simplex
    sum_to_zero_matrix sum_to_zero_vector target then transformed true tuple unit_vector until upper vector void while
    STAN_MAJOR STAN_MATH_MAJOR STAN_MATH_MINOR STAN_MATH_PATCH STAN_MINOR STAN_PATCH
"""

_CPP = """
    alignas alignof and and_eq asm auto bitand bitor bool case catch char char8_t char16_t char32_t class co_await
    co_return co_yield compl concept const const_cast consteval constexpr constinit decltype default delete do double
    dynamic_cast enum explicit export extern float friend fvar goto inline long mutable namespace new noexcept not
    not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires short signed sizeof
    static static_assert static_cast struct switch template this thread_local throw try typedef typeid typename union
    unsigned using var virtual volatile wchar_t xor xor_eq
"""

# Members and functions of the class that a program becomes, and functions that operators are translated into.
_GENERATED = """
    Eigen add append_col append_row assign base_rng boost columns_dot_product constrained_param_names context divide
    elt_divide elt_multiply get_constrained_sizedtypes get_dims get_param_names get_stan_profile_data
    get_unconstrained_sizedtypes index_max index_min index_min_max index_multi index_omni index_uni int32_t
    length local_scalar_t log_prob log_prob_impl log_prob_jacobian log_prob_propto log_prob_propto_jacobian logical_eq
    logical_gt logical_gte logical_lt logical_lte logical_negation logical_neq math minus model_base model_base_crtp
    model_compile_info model_name multiply new_model num_params_i num_params_r out param_range_i param_ranges_i
    params_i params_r pow primitive_value pstream rep_matrix rep_row_vector rep_vector rng_t rvalue size_t stan
    stan_model std subtract sum to_matrix to_vector transform_inits transform_inits_impl transpose
    unconstrain_array unconstrain_array_impl unconstrained_param_names vars write_array write_array_impl
"""

# Macros of the headers that the C++ includes; those with telling prefixes are matched by pattern.
_MACROS = """
    ALIVE BUFSIZ CSIGNAL DEAD EOF EIO E2BIG EDOM EBADF EPERM EROFS EXDEV ERANGE ESRCH EXIT_FAILURE EXIT_SUCCESS
    FD_SET HUGE_VAL INFINITY MAXFLOAT NAN NDEBUG NULL NZERO RAND_MAX RCONST SNAN SUNFALSE SUNTRUE WEOF alloca assert
    be16toh be32toh be64toh booleantype errno htobe16 htobe32 htobe64 htole16 htole32 htole64 le16toh le32toh le64toh
    likely linux unix major makedev minor offsetof stderr stdin stdout unlikely
"""

_MACRO = (
    r"(ADJ|BOOST|CLOCK|CLONE|COLAMD|CPU|CVLS|CVODE|DBL|EIGEN|FLT|FUTEX|IDALS|LDBL|LLONG|POSIX|PTHREAD|SCHED|SHRT|SCHAR"
    r"|STAN|SUNDIALS|SYS|TBB|TIMER|UCHAR|UINT\d*|ULONG|USHRT)_[A-Z0-9_]+"
    r"|M_(E|LOG2E|LOG10E|LN2|LN10|PI|PI_2|PI_4|1_PI|2_PI|2_SQRTPI|SQRT2|SQRT1_2)|F_(OK|LOCK|TEST|TLOCK|ULOCK)"
    r"|(INT|CHAR|LONG|BOOL|SIZE|PTRDIFF)(\d*|MAX|PTR)_(BIT|C|MAX|MIN|WIDTH)|(CV|FP|IDA|KIN|LC|SIG|STA|SUN)_[A-Z][A-Z0-9_]+"
    r"|E[A-Z]{4,}|SNAN[A-Z0-9]+|SIG[A-Z0-9]+"
)

WORDS = frozenset(f"{_STAN} {_CPP} {_GENERATED} {_MACROS}".split())


def is_reserved(name: str) -> bool:
    """Tell whether a Stan program may not use `name`, whatever else is in the program."""
    if name in WORDS or name.endswith("__"):
        return True
    return len(name) > 2 and name.isupper() and re.fullmatch(_MACRO, name) is not None
