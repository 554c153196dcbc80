"""Codes of the commands: what they are asked for and cannot do."""

from __future__ import annotations

from hiercomp.codes.info import CodeInfo

ROWS: tuple[CodeInfo, ...] = (
    CodeInfo(
        "H102",
        "simulated data with a gap",
        "To simulate, everything that is neither drawn by the model nor computed has to come from somewhere: from data "
        "that are bound (`--data`), from a `study` block (`x_i ~ Normal(0, 1)` below a line `study`, indented), or, if "
        "it is a single whole number, from `--size NAME=NUMBER`.",
    ),
    CodeInfo(
        "H103",
        "model that nothing can be drawn from",
        "Every unknown needs a proper prior to be drawn from: `Flat()` is none. A soft constraint and `log_density +=` "
        "change the density without saying how to draw. The same is said where draws come out beyond all numbers.",
    ),
    CodeInfo(
        "H104",
        "size that is not understood",
        "`--size` takes a name and a whole number, `--size N=100`, and may be repeated for further names.",
    ),
    CodeInfo(
        "H95",
        "file of somebody else's in the way",
        "A file that would be written exists, and nothing in its first lines says that hiercomp made it (data are "
        "known by their layout: a name a line). It may be the only copy of your work, so it is not replaced: choose "
        "another folder with `--out`, or move it away.",
    ),
    CodeInfo(
        "H97",
        "no such code or distribution",
        "`hiercomp explain CODE` knows the codes that messages carry, `hiercomp catalog NAME` the distributions of the "
        "catalogue, by their names and aliases.",
    ),
    CodeInfo(
        "H98",
        "nothing to sample",
        "`hiercomp fit` draws unknowns from their posterior, and this model has none: every name in it is data, or "
        "computed from data, or a prediction. A name with a `~` is an unknown where the data do not have it and "
        "another statement uses it.",
    ),
    CodeInfo(
        "H99",
        "model without data",
        'Programs can be built without data, but only run with it. Name the file in the spec (`data "schools.csv"`) '
        "or on the command line (`--data schools.csv`).",
    ),
)
