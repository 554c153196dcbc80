"""The table of diagnostic codes: what each means, with a spec that shows it and the same spec mended."""

from __future__ import annotations

from hiercomp.records import record


@record
class CodeInfo:
    """One row: `bad` is a spec that raises the code, `good` the same spec mended (either may be empty for files)."""

    code: str
    title: str
    explanation: str
    bad: str = ""
    good: str = ""


_ROWS: tuple[CodeInfo, ...] = (
    CodeInfo(
        "H2",
        "unknown without a prior",
        "Every unknown needs a distribution. A flat prior is not assumed, because it may not be what was meant and may "
        "not even give a proper posterior. Write a prior, or `~ Flat()` to ask for a constant density.",
        "y_i ~ Normal(mu, 1)\nz_i = mu\n",
        "y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 10)\n",
    ),
    CodeInfo(
        "H50",
        "no such data file",
        'The file that `data "..."` or --data names does not exist. A relative path in a spec starts at the folder '
        "of the spec; one on the command line starts at the current folder.",
    ),
    CodeInfo(
        "H51",
        "data file that cannot be read",
        "The path leads to a folder, to something else that is not a file, or to a file that may not be read.",
    ),
    CodeInfo(
        "H52",
        "unknown kind of data file",
        "The ending of its name says how a file is read: .csv (comma), .tsv (tab), .json or .parquet.",
    ),
    CodeInfo(
        "H53",
        "data that is not UTF-8",
        "Text files are read as UTF-8, with or without a byte order mark. In another encoding the same bytes would "
        "mean other letters, so they are not guessed at.",
    ),
    CodeInfo(
        "H54",
        "data file without data",
        "A table needs a line of names and at least one row.",
    ),
    CodeInfo(
        "H55",
        "table that cannot be read",
        "A .csv file separates its cells by commas, a .tsv file by tabs. A cell that holds a separator, a line break "
        "or a double quote stands in double quotes, and a double quote in it is written twice.",
    ),
    CodeInfo(
        "H56",
        "JSON that cannot be read",
        "The text is not JSON; the place is where it stops being so.",
    ),
    CodeInfo(
        "H57",
        "row with too few or too many cells",
        "Every row of a table has as many cells as the first line has names.",
    ),
    CodeInfo(
        "H58",
        "two columns of one name",
        "A column that the spec uses has to be the only one of its name. Columns that it does not use may share one.",
    ),
    CodeInfo(
        "H59",
        "missing value",
        "Empty cells, NA, N/A, NaN, null, None and a lone point are missing values (in a column of text only empty "
        "cells are), as are null and NaN in JSON. They are not imputed. Columns that the spec does not use may have "
        "them.",
    ),
    CodeInfo(
        "H60",
        "text where numbers are needed",
        "A column with text in it can give labels and nothing else. Numbers are written with a decimal point, without "
        "separators of thousands, units or quotes.",
    ),
    CodeInfo(
        "H61",
        "lists of different lengths",
        "Nested lists are arrays, so all lists at one depth have one length. Groups of different sizes are written in "
        "long form: a row for each member, and a column that says which group it belongs to.",
    ),
    CodeInfo(
        "H62",
        "data that is neither a number nor text",
        "Data are numbers, truth values (0 and 1), text, and lists of these. A JSON file is an object whose keys are "
        "the names, or a list of objects that are the rows. Dates and nested objects are not data.",
    ),
    CodeInfo(
        "H63",
        "number that cannot be held exactly",
        "Infinity is not a value of data, and whole numbers beyond 2^53 lose digits as real numbers. Whole numbers "
        "beyond 2^31 - 1 are read as real numbers, because that is the largest integer of a Stan program.",
    ),
    CodeInfo(
        "H64",
        "table without names",
        "All cells of the first line are numbers, so that a row of data would be taken for the names of the columns.",
    ),
    CodeInfo(
        "H65",
        "pyarrow is not installed",
        "Parquet files are read by pyarrow, which hiercomp installs only on demand: `pip install 'hiercomp[parquet]'`.",
    ),
    CodeInfo(
        "H66",
        "Parquet file that cannot be read",
        "The file is damaged, or is no Parquet file at all; pyarrow's own words say more.",
    ),
    CodeInfo(
        "H85",
        "not available in PyMC",
        "PyMC has no form for a distribution or a function of the catalogue; the message says which, and why. The Stan "
        "program of the model can still be built with `--backend stan`.",
    ),
    CodeInfo(
        "H86",
        "elements that need earlier ones, in PyMC",
        "PyMC modules are written in whole arrays, without loops. A definition of elements by earlier elements of the "
        "same name (`s_t = f(s_{t-1})`) is not one array expression. Priors may be chained: `x_t ~ Normal(x_{t-1}, s)`.",
    ),
    CodeInfo(
        "H87",
        "subscripts that whole arrays do not have",
        "A subscript below 1 or past the end, a range that differs from row to row, an observation with several "
        "densities, or a prediction given piece by piece.",
    ),
    CodeInfo(
        "H88",
        "bound or case that depends on unknowns, in PyMC",
        "A bound without renormalising is the same as a truncation only where the mass between the bounds is constant, "
        "and cases of different distributions are chosen by data. Write `truncated to [a, b]` for a truncation.",
    ),
    CodeInfo(
        "H91",
        "output that cannot be written",
        "A file or its folder may not be written, or something else of that name is in the way. Files are written all "
        "or none: nothing has changed.",
    ),
    CodeInfo(
        "H92",
        "names of files that differ only in case",
        "Many systems hold `Pooled.stan` and `pooled.stan` to be one file, so that one model would replace the other.",
    ),
)

CODES: dict[str, CodeInfo] = {row.code: row for row in _ROWS}
