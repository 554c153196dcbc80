"""What good data files mean."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiercomp.data import Column, Table, load
from hiercomp.data.csv_file import read_csv
from hiercomp.diagnostics import Diagnostics
from hiercomp.source import Source


def read(tmp_path: Path, name: str, content: str | bytes) -> Table:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = Diagnostics()
    table = load(path, found)
    assert not found.items, found.items[0].render()
    assert table is not None
    return table


def use(table: Table, name: str) -> Column:
    found = Diagnostics()
    column = table.use(name, found)
    assert column is not None, found.items
    return column


def test_eight_schools(specs: Path) -> None:
    table = load(specs / "data" / "eight_schools.csv", Diagnostics())
    assert table is not None
    assert use(table, "y").value == (28, 8, -3, 7, -1, 1, 18, 12)
    assert use(table, "sigma").value == (15, 10, 16, 11, 9, 11, 10, 18)
    assert (use(table, "y").elem, use(table, "X_1").elem) == ("int", "real")
    assert table.columns["school"].labels() == tuple("ABCDEFGH")
    assert use(table, "y").lengths == (8,)


@pytest.mark.parametrize(
    "text",
    [
        "y,s\n1,2\n3,4\n",
        "y,s\r\n1,2\r\n3,4",
        "\ufeffy,s\n1,2\n3,4\n",
        '"y", "s"\n1 , 2\n "3",4\n\n\n',
        "y,s\r1,2\r3,4\r",
        "\n\ny,s\n\n+1,2\n3 ,4\n",
    ],
)
def test_all_ways_to_write_one_table(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, "t.csv", text)
    assert {name: column.value for name, column in table.columns.items()} == {"y": (1, 3), "s": (2, 4)}
    assert {column.elem for column in table.columns.values()} == {"int"}


def test_tsv_may_hold_commas(tmp_path: Path) -> None:
    table = read(tmp_path, "t.TSV", "a\tb\n1,5\t2\n")
    assert table.columns["a"].value == ("1,5",)
    assert table.columns["b"].value == (2,)


@pytest.mark.parametrize(
    ("cells", "elem", "value"),
    [
        ("1 2", "int", (1, 2)),
        ("1. 2", "real", (1.0, 2.0)),
        ("1e3 -.5", "real", (1000.0, -0.5)),
        ("true FALSE", "int", (1, 0)),
        ("true 3", "str", ("true", "3")),
        ("1_000 2", "str", ("1_000", "2")),
        ("١ ٢", "str", ("١", "٢")),
        ("0x10 2", "str", ("0x10", "2")),
        ("NA Namibia", "str", ("NA", "Namibia")),
        ("007 8", "int", (7, 8)),
        ("2147483647 -2147483647", "int", (2147483647, -2147483647)),
        ("2147483648 1", "real", (2147483648.0, 1.0)),
    ],
)
def test_what_a_column_is(tmp_path: Path, cells: str, elem: str, value: object) -> None:
    column = read(tmp_path, "t.csv", "x\n" + cells.replace(" ", "\n")).columns["x"]
    assert (column.elem, column.value) == (elem, value)
    assert [type(leaf) for leaf in column.leaves()] == [{"int": int, "real": float, "str": str}[elem]] * 2
    assert bool(column.remark) == ("2147483648" in cells)


def test_what_is_not_used_may_be_wrong(tmp_path: Path) -> None:
    table = read(tmp_path, "t.csv", ",,y,note,miss\n1,2,28,fine,NA\n2,3,8,,1\n")
    assert "miss" in table
    assert "nothing" not in table
    assert use(table, "y").value == (28, 8)
    found = Diagnostics()
    assert table.use("miss", found) is None
    assert table.use("note", found) is None
    assert table.use("nothing", found) is None
    assert [item.code for item in found.items] == ["H59", "H59"]


def test_labels_may_be_used_where_numbers_may_not(tmp_path: Path) -> None:
    table = read(tmp_path, "t.csv", "school\nA\n2\n")
    found = Diagnostics()
    assert table.use("school", found, numbers=False) is table.columns["school"]
    assert not found.items
    assert table.use("school", found) is None
    assert [item.code for item in found.items] == ["H60"]


def test_cells_are_found_again(tmp_path: Path) -> None:
    text = '\n a ,"b ""x"", c",d\n1,"2\n2",  3 \n\n"4",5,"6"\n'
    table = read(tmp_path, "t.csv", text)
    b = table.columns['b "x", c']
    assert b.value == ("2\n2", "5")
    spans = [table.columns[name].span(row) for row in (0, 1) for name in ("a", 'b "x", c', "d")]
    assert [span.text if span else None for span in spans] == ["1", '"2\n2"', "3", '"4"', "5", '"6"']
    assert b.header is not None
    assert (b.header.text, b.header.line, b.header.column) == ('"b ""x"", c"', 2, 5)
    last = table.columns["d"].span(1)
    assert last is not None
    assert (last.line, last.column) == (6, 7)


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), min_size=2, max_size=2),
        min_size=2,
        max_size=5,
    )
)
def test_any_table_is_read_as_the_csv_module_reads_it(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["a", "b"], *rows])
    found = Diagnostics()
    table = read_csv(Source("t.csv", out.getvalue()), ",", found, None)
    assert table is not None, found.items
    for number, name in enumerate(("a", "b")):
        column = table.columns.get(name)
        if column is None or column.elem != "str":
            continue
        assert column.value == tuple(row[number].strip() for row in rows)
        for row, cells in enumerate(rows):
            span = column.span(row)
            assert span is not None
            assert span.text == '"' + cells[number].replace('"', '""') + '"'


@given(st.binary(max_size=60), st.sampled_from([".csv", ".tsv", ".json", ".parquet"]))
def test_no_bytes_make_a_traceback(tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(content)
    found = Diagnostics()
    table = load(path, found)
    assert (table is None) == bool(found.items)
    for name in table.names() if table else ():
        table.use(name, found)
    for item in found.items:
        assert item.render()


def test_json_object(tmp_path: Path) -> None:
    table = read(tmp_path, "d.json", '{"N": 2, "y": [1, 2.5], "X": [[1, 2, 3], [4, 5, 6]], "s": ["a", "b"], "e": []}')
    assert use(table, "N").value == 2
    assert use(table, "N").lengths == ()
    assert use(table, "y").value == (1.0, 2.5)
    assert use(table, "X").value == ((1, 2, 3), (4, 5, 6))
    assert use(table, "X").lengths == (2, 3)
    assert list(use(table, "X").leaves()) == [1, 2, 3, 4, 5, 6]
    assert use(table, "X").index(5) == (1, 2)
    assert table.columns["s"].labels() == ("a", "b")
    assert use(table, "e").lengths == (0,)


def test_json_values_are_found_again(tmp_path: Path) -> None:
    table = read(
        tmp_path, "d.json", '{"a": {"X": 1}, "X" : [[1, [2][0], 3],\n [4, 55, 6]], "N": 2}'.replace("[2][0]", "2")
    )
    x = table.columns["X"]
    assert x.header is not None
    assert x.header.column == 17
    for index, text in [((0,), "[1, 2, 3]"), ((1, 1), "55"), ((1, 2), "6")]:
        span = x.span(*index)
        assert span is not None
        assert span.text == text
    assert table.columns["N"].span() == table.columns["N"].header


def test_json_rows(tmp_path: Path) -> None:
    table = read(tmp_path, "d.json", '[{"y": 1, "g": "a"},\n {"g": "b", "y": 20}]')
    assert use(table, "y").value == (1, 20)
    span = table.columns["y"].span(1)
    assert span is not None
    assert (span.text, span.line) == ("20", 2)
    assert table.columns["g"].labels() == ("a", "b")


@given(st.recursive(st.integers(-9, 9), lambda inner: st.lists(inner, min_size=1, max_size=3)))
def test_arrays_keep_their_shape(raw: object) -> None:
    from hiercomp.data.json_file import read_json

    found = Diagnostics()
    table = read_json(Source("d.json", json.dumps({"x": raw})), found, None)
    assert table is not None
    column = table.columns.get("x")
    if column is None:
        table.use("x", found)
        assert found.items
    else:
        assert json.loads(json.dumps(column.value)) == raw


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    import datetime

    from pyarrow import parquet

    data = {
        "y": [28, 8],
        "x": [0.5, None],
        "X": [[1.0, 2.0], [3.0, 4.0]],
        "g": pyarrow.array(["a", "b"]).dictionary_encode(),
        "day": [datetime.date(2020, 1, 1)] * 2,
    }
    path = tmp_path / "t.parquet"
    parquet.write_table(pyarrow.table(data), path)
    found = Diagnostics()
    table = load(path, found, name="t.parquet")
    assert table is not None
    assert use(table, "y").value == (28, 8)
    assert use(table, "X").value == ((1.0, 2.0), (3.0, 4.0))
    assert table.columns["g"].labels() == ("a", "b")
    table.use("x", found)
    table.use("day", found)
    assert [item.message for item in found.items] == [
        "column `x` of t.parquet has no value in row 2",
        "column `day` of t.parquet holds something that is neither a number nor text in row 1",
    ]


def test_large_files_are_read_in_a_moment(tmp_path: Path) -> None:
    text = "y,g\n" + "".join(f"{row}.5,g{row % 7}\n" for row in range(100_000)) + "NA,g\n"
    start = time.process_time()
    table = read(tmp_path, "t.csv", text)
    found = Diagnostics()
    table.use("y", found)
    (said,) = [item.render() for item in found.items]
    assert "t.csv:100002:1" in said
    assert time.process_time() - start < 3


@pytest.mark.parametrize("value", ["9" * 390, "9" * 5000, "-" + "9" * 390])
def test_whole_numbers_beyond_all_floats_are_refused(tmp_path: Path, value: str) -> None:
    for name, text in (("d.csv", f"x\n{value}\n"), ("d.json", f'{{"x": [{value}]}}')):
        (tmp_path / name).write_text(text)
        found = Diagnostics()
        table = load(tmp_path / name, found)
        assert table is not None
        table.use("x", found)
        assert [item.code for item in found.items] == ["H63"]


def test_half_a_character_is_refused_because_no_file_can_hold_it(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text('{"school": ["A", "\\ud800"], "name": ["\\ud83d\\ude00", "B"]}')
    found = Diagnostics()
    table = load(tmp_path / "d.json", found)
    assert table is not None
    table.use("name", found, numbers=False)
    assert not found.items
    table.use("school", found, numbers=False)
    assert [(item.code, item.message) for item in found.items] == [
        ("H62", "data `school` holds half a character in element [2]")
    ]
