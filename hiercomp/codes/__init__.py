"""The table of diagnostic codes: what each means, with a spec that shows it and the same spec mended."""

from __future__ import annotations

from hiercomp.codes.engines import ROWS as ENGINE_ROWS
from hiercomp.codes.info import CodeInfo
from hiercomp.codes.model import ROWS as MODEL_ROWS
from hiercomp.codes.plan import ROWS as PLAN_ROWS
from hiercomp.codes.workflow import ROWS as WORKFLOW_ROWS

__all__ = ["CODES", "CodeInfo"]

_ROWS: tuple[CodeInfo, ...] = (
    CodeInfo(
        "H30",
        "file that cannot be read",
        "The path leads to nothing, to a folder, or to a file that may not be read. A spec is a text file that "
        "ends in .hier; a document ends in .md, .markdown, .qmd or .rmd.",
    ),
    CodeInfo(
        "H31",
        "text that is not UTF-8",
        "Specs are read as UTF-8, with or without a byte order mark. In another encoding the same bytes would be "
        "other letters, so none is guessed: save the file as UTF-8.",
    ),
    CodeInfo(
        "H32",
        "nothing to read",
        "The file is empty, or it holds headings and declarations but no statement of a model.",
        "# Priors\n",
        "# Priors\nmu ~ Normal(0, 20)\n",
    ),
    CodeInfo(
        "H33",
        "stray character",
        "The character has no meaning where it stands. Names hold letters, digits and underscores; Greek letters, "
        "subscript characters and signs such as ≤ and · are accepted and mean what they look like.",
        "mu ~ Normal(0, 20);\n",
        "mu ~ Normal(0, 20)\n",
    ),
    CodeInfo(
        "H34",
        "bracket or note that is never closed",
        "A bracket is closed before its statement ends, on the same line or on lines that follow. A `[` that "
        "touches a name begins an index, one after an operator groups, one after a space begins a note.",
        "mu ~ Normal(0, exp(2)\n",
        "mu ~ Normal(0, exp(2))\n",
    ),
    CodeInfo(
        "H35",
        "closing bracket without its opener",
        "Each closing bracket belongs to an opening one of the same shape. Only an interval may mix them: `in [0, 1)`.",
        "x = (1 + 2]\n",
        "x = (1 + 2)\n",
    ),
    CodeInfo(
        "H36",
        "something is missing or out of place",
        "The statement begins well, but what stands here cannot follow what stands before it.",
        "x = 3 +\n",
        "x = 3 + 1\n",
    ),
    CodeInfo(
        "H37",
        "line that is not a statement",
        "A statement has a name, then `~` and a distribution or `=` and a value. Text that is neither goes into a "
        "heading (a line that begins with #) or a note (in brackets at the end of a statement). A line that "
        "begins with `=`, `~`, an operator or a clause continues the one above.",
        "tau is small\n",
        "tau ~ Half-Normal(0, 1)   [small]\n",
    ),
    CodeInfo(
        "H38",
        "two signs in one statement",
        "A line has one `=` or one `~`. A further piece of a piecewise statement stands on a line of its own; "
        "equality in a condition may be written `=` or `==`.",
        "x = y = 3\n",
        "y = 3\nx = y\n",
    ),
    CodeInfo(
        "H39",
        "two readings",
        "What is written has two meanings, and hiercomp does not choose between them: a word in brackets after a "
        "space can be a note or an index, a name before a bracket a function or a factor. The message shows how "
        "to write each.",
        "a = 1\nb = 2\nx = a [b]\n",
        "a = 1\nb = 2\nx = a * b\n",
    ),
    CodeInfo(
        "H40",
        "number out of range",
        "Numbers are double precision: up to about 1.8e308 in size, and not so small that they would become zero.",
        "mu ~ Normal(0, 1e999)\n",
        "mu ~ Normal(0, 1e9)\n",
    ),
    CodeInfo(
        "H41",
        "too deep, too long or too many errors",
        "Brackets may stand 64 deep and operations depend on each other 200 deep; a longer expression is easier "
        "to read in named parts, and a long sum is written with `sum(... for i in 1..N)`. After a hundred errors "
        "the rest of a text is not read.",
        "x = " + "(" * 65 + "1" + ")" * 65 + "\n",
        "x = (1 + 2) * 3\n",
    ),
    CodeInfo(
        "H42",
        "word that cannot be a name",
        "Reserved are where, for, if, otherwise, in, is, are, and, or, not; and a name does not end with an "
        "underscore, because an index in braces may follow one. Words such as data, fit, model or lambda are good "
        "names.",
        "for ~ Normal(0, 1)\n",
        "four ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H43",
        "left side that cannot be defined",
        "A definition gives a value to one name, or to a link of one name: log, logit, probit, cloglog or sqrt. "
        "Terms are added to `log_density` only. To add a soft constraint on an expression write it to the left of "
        "`~`.",
        "exp(x) = 3\n",
        "log(x) = 3\n",
    ),
    CodeInfo(
        "H44",
        "no distribution after ~",
        "After `~` stands one distribution with its arguments in brackets, and nothing is computed with it. What "
        "is computed is defined with `=`.",
        "mu ~ Normal\n",
        "mu ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H45",
        "construct that is not executed",
        "The notation has words for what to do with models (abandon, vary, compare, recover, design, expect, "
        "drop, report). This version reads past them and says so, rather than leave a "
        "reader to believe that they had an effect.",
        "mu ~ Normal(0, 1)\nvary mu: s in {1, 2}\n",
        "mu ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H46",
        "pieces that do not fit",
        "A piecewise statement has a line for each case; every line begins with the same sign and ends in `if` "
        "and a condition, the last one perhaps in `otherwise`. `smoothly(rate)` ends the last line of a "
        "definition with pieces.",
        "x = 1 if c > 0\n  = 2\n",
        "x = 1 if c > 0\n  = 2 otherwise\n",
    ),
    CodeInfo(
        "H47",
        "clause that is not understood",
        "A `where` says facts about names, joined by `and`: `sigma_i are KNOWN`, `tau > 0`, `b in [0, 1]`, `w is "
        "a simplex`. A `for` gives an index a range or a set. Each other clause stands once.",
        "y ~ Normal(0, 1) where 3 > 2\n",
        "y ~ Normal(0, 1) where y > 2\n",
    ),
    CodeInfo(
        "H48",
        "header that is not understood",
        '`model NAME`, perhaps `extends OTHER`, begins a model; `data "FILE"` names its data; `fit:` takes '
        "chains, warmup, draws, target_accept, max_treedepth and seed.",
        "model non-centered\n  mu ~ Normal(0, 1)\n",
        "model noncentered\n  mu ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H49",
        "given twice",
        "Two models of one name, two `fit:` lines or one setting twice: one of them would be ignored.",
        "model a\n  mu ~ Normal(0, 1)\nmodel a\n  mu ~ Normal(0, 2)\n",
        "model a\n  mu ~ Normal(0, 1)\nmodel b\n  mu ~ Normal(0, 2)\n",
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
        "cells are), as are null and NaN in JSON. Numbers with a continuous distribution may have them: what is "
        "missing is unknown then. So may columns that the spec does not use.",
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
        "H70",
        "document without a model",
        "In a document the fenced blocks without a language, or with `hier`, are read; those in other languages "
        "are left alone. A block of `=` definitions alone is a fragment that is built when it is named.",
    ),
    CodeInfo(
        "H71",
        "comment to hiercomp that is not understood",
        "`<!-- hier: extends model-class-1; data data.csv -->` above a fence says what the block leans on. It "
        "takes `extends NAME`, `data FILE`, `name NAME` and `skip`, separated by semicolons.",
    ),
    CodeInfo(
        "H72",
        "marked block without a statement",
        "A block marked `hier`, or with a comment to hiercomp above it, is meant to be a model, but there is no "
        "statement in it.",
    ),
    CodeInfo(
        "H85",
        "not available in PyMC",
        "PyMC has no form for a distribution or a function of the catalogue; the message says which, and why. The Stan "
        "program of the model can still be built with `--backend stan`.",
    ),
    CodeInfo(
        "H87",
        "subscripts that whole arrays do not have",
        "A subscript below 1 or past the end, several ranges of one statement that depend on its other indices, or one "
        "that depends on unknowns, an observation with several "
        "densities, a prediction given piece by piece, or a recursion that looks back by a number of positions that "
        "differs from one position to the next.",
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
    CodeInfo(
        "W30",
        "fence that is never closed",
        "A fenced block ends with a line of as many backticks as it began with. Without one, all the rest of the "
        "document belongs to it.",
    ),
    CodeInfo(
        "W31",
        "block that is left alone",
        "A block without a language holds a `~`, but most of it does not read as statements, so it is taken for "
        "something else. Mark its fence `hier` to have its errors reported, or `text` to leave it alone.",
    ),
    CodeInfo(
        "W32",
        "comment to hiercomp that has no effect",
        "The comment stands above no fenced block, or above one in another language.",
    ),
)

CODES: dict[str, CodeInfo] = {
    row.code: row
    for row in sorted(
        (*MODEL_ROWS, *_ROWS, *ENGINE_ROWS, *WORKFLOW_ROWS, *PLAN_ROWS),
        key=lambda row: (row.code[0], int(row.code[1:])),
    )
}
