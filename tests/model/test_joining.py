"""Two tables with one column of labels: the one picks rows of the other by them, wherever these stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import hiercomp
from hiercomp import reference
from hiercomp.diagnostics import SpecError

SPEC = """data "households.csv"
data "counties.csv"
{index}
y_i ~ Normal(a[county[i]], 1)
a_j ~ Normal(b * u_j, 1)
b ~ Normal(0, 1)
"""


def program(folder: Path, households: str, counties: str, index: str = "") -> hiercomp.Program:
    (folder / "households.csv").write_text("county,y\n" + households.replace(" ", "\n"))
    (folder / "counties.csv").write_text("county,u\n" + counties.replace(" ", "\n"))
    (folder / "homes.hier").write_text(SPEC.format(index=index))
    return hiercomp.load(folder / "homes.hier")


@pytest.mark.parametrize("index", ["", "j in counties"])
@pytest.mark.parametrize(
    ("households", "counties", "labels", "picked"),
    [
        ("Cook,1 Ada,2 Cook,3 Bath,4", "Cook,5 Bath,7 Ada,6", ("Cook", "Bath", "Ada"), [0, 2, 0, 1]),
        ("31,1 7,2 31,3 7,4", "31,5 9,7 7,6", ("31", "9", "7"), [0, 2, 0, 2]),
        ("2,1 1,2 2,3 3,4", "1,5 2,7 3,6", None, [1, 0, 1, 2]),
    ],
)
def test_rows_are_picked_by_label(
    tmp_path: Path, households: str, counties: str, labels: tuple[str, ...] | None, picked: list[int], index: str
) -> None:
    model = program(tmp_path, households, counties, index).model()
    (found,) = [item for item in model.index_sets if item.name in ("j", "counties")]
    assert found.labels == labels
    a, b, u, y = np.array([0.3, -1.0, 2.0]), 0.7, np.array([5.0, 7.0, 6.0]), np.array([1.0, 2.0, 3.0, 4.0])
    squares = np.sum((y - a[picked]) ** 2) + np.sum((a - b * u) ** 2) + b**2
    expected = -0.5 * squares - 4 * np.log(2 * np.pi)
    assert reference.log_density(model, {"a": a, "b": b})[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("households", "counties", "code", "words"),
    [
        ("Cook,1 Ada,2 Cook,3", "Cook,5 Bath,7", "H17", "Ada"),
        ("31,1 7,2 31,3", "31,5 9,7", "H17", "7"),
        # Both name every row once, or neither does: nothing says which one picks.
        ("Cook,1 Ada,2", "Ada,5 Cook,7", "H3", "county"),
        ("Cook,1 Cook,2", "Ada,5 Ada,7", "H3", "county"),
    ],
)
def test_labels_that_do_not_match(tmp_path: Path, households: str, counties: str, code: str, words: str) -> None:
    with pytest.raises(SpecError) as caught:
        program(tmp_path, households, counties).model()
    assert {item.code for item in caught.value.diagnostics} == {code}
    assert words in caught.value.diagnostics[0].message


def test_what_runs_along_the_labels_stands_beside_them(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"v": [1, 2, 3]}')
    made = program(tmp_path, "Cook,1 Ada,2 Cook,3 Bath,4", "Cook,5 Bath,7 Ada,6")
    text = 'data "other.json"\n' + SPEC.format(index="").replace("b * u_j", "b * u_j + v_j")
    assert made.model().index_sets
    (tmp_path / "homes.hier").write_text(text)
    with pytest.raises(SpecError) as caught:
        hiercomp.load(tmp_path / "homes.hier").model()
    assert {item.code for item in caught.value.diagnostics} == {"H7"}
    assert "`v`" in caught.value.diagnostics[0].message
