"""The one table of distributions and functions: what they are called, what they mean, how each target spells them."""

from hiercomp.catalog.lookup import (
    COMPOUNDS,
    DISTRIBUTIONS,
    FUNCTIONS,
    Match,
    argument_name,
    find_distribution,
    find_function,
    is_mixture,
    match_signature,
    near_distributions,
    near_functions,
    row_named,
    written_signatures,
    zero_words,
)
from hiercomp.catalog.schema import Distribution, Function, Fusion, Limit, Param, Signature, Spelling, Unsupported
from hiercomp.catalog.table import compound_table, function_table, show, table

__all__ = [
    "COMPOUNDS",
    "DISTRIBUTIONS",
    "FUNCTIONS",
    "Distribution",
    "Function",
    "Fusion",
    "Limit",
    "Match",
    "Param",
    "Signature",
    "Spelling",
    "Unsupported",
    "argument_name",
    "compound_table",
    "find_distribution",
    "find_function",
    "function_table",
    "is_mixture",
    "match_signature",
    "near_distributions",
    "near_functions",
    "row_named",
    "show",
    "table",
    "written_signatures",
    "zero_words",
]
