"""Data handed over from Python."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hiercomp.data import from_mapping
from hiercomp.diagnostics import Diagnostics


def value(data: object, name: str = "x") -> object:
    found = Diagnostics()
    table = from_mapping(data, found)
    assert table is not None
    column = table.use(name, found, numbers=False)
    if column is None:
        return [item.message for item in found.items]
    return column.value


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (3, 3),
        (2.5, 2.5),
        (np.float64(2.5), 2.5),
        (np.int64(3), 3),
        (True, 1),
        ([1, 2], (1, 2)),
        ((1, 2.0), (1.0, 2.0)),
        (range(3), (0, 1, 2)),
        (np.arange(4).reshape(2, 2), ((0, 1), (2, 3))),
        ([np.array([1.0, 2.0]), [3, 4]], ((1.0, 2.0), (3.0, 4.0))),
        ([np.int64(1), np.float32(0.5)], (1.0, 0.5)),
        (np.array(["a", "b"]), ("a", "b")),
        (pd.Series([1, 2]), (1, 2)),
        (pd.Categorical(["a", "b"]), ("a", "b")),
        ([], ()),
    ],
)
def test_values(raw: object, wanted: object) -> None:
    assert value({"x": raw}) == wanted


def test_data_frame() -> None:
    frame = pd.DataFrame({"x": [1, 2], "g": ["a", "b"]})
    assert value(frame) == (1, 2)
    assert value(frame, "g") == ("a", "b")
    assert value(pd.concat([frame, frame], axis=1)) == ["two columns are called `x`"]


def test_columns_that_cannot_be_used() -> None:
    circle: list[object] = []
    circle.append(circle)
    assert value({"x": [1, float("nan")]}) == ["data `x` of <data> has no value in element [2]"]
    assert value({"x": pd.array([1, None])}) == ["data `x` of <data> has no value in element [2]"]
    assert value({"x": [1, None]}) == ["data `x` of <data> has no value in element [2]"]
    assert value({"x": circle}) == ["data `x` of <data> holds something that is neither a number nor text"]
    assert value({"x": object()}) == ["data `x` of <data> holds something that is neither a number nor text"]
    assert value({"x": [[1], 2]}) == ["the lists in data `x` of <data> do not have one length: element [2] differs"]
    assert value({"x": np.inf}) == ["data `x` of <data> has a number that cannot be held exactly in its only value"]


def test_not_a_mapping() -> None:
    found = Diagnostics()
    assert from_mapping(3, found) is None
    assert [item.code for item in found.items] == ["H62"]
