"""Codes of the engines: what stanc, the C++ compiler, the Stan runtime and PyMC complain about."""

from __future__ import annotations

from hiercomp.codes.info import CodeInfo

ROWS: tuple[CodeInfo, ...] = (
    CodeInfo(
        "H90",
        "program that fails in its engine",
        "stanc, the C++ compiler, the running Stan program or PyMC gave up; their own words follow, at the line of the "
        "spec whose statement produced the line they name. Data that the program refuses, and a sampler that finds no "
        "point to start from, are the usual reasons.",
    ),
    CodeInfo(
        "H93",
        "one program for several models",
        "`--stan FILE` and `--pymc FILE` put one program in place of a generated one, so they need one model: "
        "`--model NAME`.",
    ),
    CodeInfo(
        "H94",
        "program or points that cannot be read",
        "A program of your own is UTF-8 text. Points are JSON: an object with a list `points`, each with the `values` "
        "of all unknowns on the constrained scale, arrays as nested lists.",
    ),
    CodeInfo(
        "H96",
        "Stan program that stanc refuses",
        "The generated program does not compile. Unless a statement of the spec is at fault this is an error in "
        "hiercomp: please report it, with the spec.",
    ),
    CodeInfo(
        "W96",
        "Stan program that stanc warns of",
        "The generated program compiles, and stanc has something to say about it.",
    ),
)
