"""Reading a telemarketing file: every fault is named with its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ruleyard.core.errors import Invalid
from ruleyard.demo.bank_calls import COLUMNS, Call, parse_calls, read_calls

HEADING = ",".join(COLUMNS)
GOOD = "58,management,married,tertiary,no,2143,yes,no,unknown,5,may,261,1,-1,0,unknown,no"


def test_a_call_is_split_into_its_beginning_and_its_end() -> None:
    (call,) = parse_calls([HEADING, GOOD])
    assert call == Call(
        2,
        (
            58,
            "management",
            "married",
            "tertiary",
            "no",
            2143,
            "yes",
            "no",
            "unknown",
            5,
            "may",
            1,
            -1,
            0,
            "unknown",
        ),
        261,
        "no",
    )


def test_columns_may_come_in_any_order() -> None:
    turned = [",".join(reversed(line.split(","))) for line in (HEADING, GOOD)]
    assert list(parse_calls(turned)) == list(parse_calls([HEADING, GOOD]))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "The file is empty"),
        (["age,job"], "Line 1: missing column marital"),
        ([HEADING, GOOD, GOOD.replace("2143", "lots")], "Line 3: balance must be a whole number, not 'lots'"),
        ([HEADING, GOOD.replace("2143", "99999999999")], "Line 2: balance is too large"),
        ([HEADING, GOOD.replace(",may,", ",mai,")], "Line 2: month must be jan or"),
        ([HEADING, GOOD[:-3]], "Line 2: 16 values where the heading has 17"),
        ([HEADING, GOOD.replace(",5,may", ",32,may")], "Line 2: day must be from 1 to 31"),
        ([HEADING, GOOD.replace(",261,", ",-1,")], "Line 2: duration must not be negative"),
    ],
)
def test_a_fault_is_named_with_its_line(lines: list[str], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        list(parse_calls(lines))
    assert words in refused.value.message


def test_a_gzip_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADING}\n{GOOD}\n".encode()))
    assert len(list(read_calls(path))) == 1


def test_a_cut_gzip_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADING}\n{GOOD}\n".encode() * 50)[:60])
    with pytest.raises(Invalid, match="gzip"):
        list(read_calls(path))
    with pytest.raises(Invalid, match="There is no file"):
        list(read_calls(tmp_path / "none.csv"))
