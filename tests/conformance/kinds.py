"""Kinds of statements in two versions, right and wrong, all in one model: what tests of each kind share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hiercomp import load
from hiercomp.agree import compare_densities
from hiercomp.model import Model
from hiercomp.workflow.expected import expected
from hiercomp.workflow.points import points_of
from hiercomp.workflow.subject import subject


@dataclass(frozen=True)
class Kind:
    """A kind of statement: its right lines, what replaces the one that is wrong, and the label of the term at fault.

    ``@`` becomes a prefix of its own for every kind and version.
    """

    name: str
    lines: tuple[str, ...]
    right: str
    wrong: str
    label: str


def resolved(
    kinds: Sequence[Kind], observed: Mapping[str, Any], data: Mapping[str, Any], *versions: str, mutated: bool
) -> Model:
    """Return the model with these versions of every kind. `observed` are data of which each has its own copy."""
    lines: list[str] = ["i in 1..6"]
    values = dict(data)
    for number, kind in enumerate(kinds):
        for version in versions:
            prefix = f"{version}{number}q"
            body = [*kind.lines, kind.wrong if mutated and version == "wrong" else kind.right]
            lines += [line.replace("@", prefix) for line in body]
            values |= {f"{prefix}{name}": given for name, given in observed.items()}
    return load("\n".join(lines) + "\n", data=values, name="kinds.hier").model()


def right_and_wrong(
    kinds: Sequence[Kind], observed: Mapping[str, Any], data: Mapping[str, Any], side: str
) -> tuple[Model, Model]:
    """Return the model as it should be and the one with a wrong version of every kind.

    In PyMC a right version stands beside every wrong one. In Stan, where that doubles what is compiled, the right lines
    of a wrong version have to do.
    """
    versions = ("wrong",) if side == "stan" else ("right", "wrong")
    right, wrong = (resolved(kinds, observed, data, *versions, mutated=m) for m in (False, True))
    assert [s.common.label for s in right.statements] == [s.common.label for s in wrong.statements]
    return right, wrong


def blamed(right: Model, wrong: Model, engine: Any, side: str) -> set[str]:
    """Return the labels of the statements whose terms in the program of `wrong` are not the reference's of `right`."""
    made = subject(wrong)
    # Both are looked at in terms of what is sampled, where the unknowns of right and wrong versions are alike.
    wanted = subject(right).sampled
    points = points_of(wanted, seed=3)
    program = made.inputs[side]
    engine.prepare([program], densities=True)
    found = engine.densities(program, points)
    known = expected(wanted, points)
    result = compare_densities(
        found if side == "stan" else None,
        found if side == "pymc" else None,
        known.total,
        known.terms,
        rounding=known.rounding,
    )
    return set(result.statements)


def faulty_labels(kinds: Sequence[Kind], model: Model, version: str) -> dict[str, str]:
    """Return the label of each kind's term at fault, in one version, by the kind's name."""
    labels = [statement.common.label for statement in model.statements]
    unnamed = [label for label in labels if "q" not in label]
    found: dict[str, str] = {}
    for number, kind in enumerate(kinds):
        if "@" in kind.label:
            found[kind.name] = kind.label.replace("@", f"{version}{number}q")
            assert found[kind.name] in labels, (kind.name, labels)
        else:
            alike = [label for label in unnamed if label.startswith("log_density") is (kind.label == "added")]
            found[kind.name] = alike[-1 if version == "wrong" else 0]
    return found
