"""The one table of distributions and functions: what they are called, what they mean, how each target spells them."""

from hiercomp.catalog.lookup import (
    DISTRIBUTIONS,
    FUNCTIONS,
    Match,
    argument_name,
    find_distribution,
    find_function,
    match_signature,
    near_distributions,
    near_functions,
    written_signatures,
)
from hiercomp.catalog.schema import Distribution, Function, Fusion, Limit, Param, Signature, Spelling, Unsupported
from hiercomp.catalog.table import function_table, show, table

__all__ = [
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
    "find_distribution",
    "find_function",
    "function_table",
    "match_signature",
    "near_distributions",
    "near_functions",
    "show",
    "table",
    "written_signatures",
]
