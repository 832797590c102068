"""Files of reports: what goes into a cell comes back from it, no cell is a formula, and PDFs speak four languages."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import warnings
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from pypdf import PdfReader

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.report.cells import Cell, ReportColumn, cell_of, columns_of, row_cells
from ruleyard.actions.report.csv_file import BOM, CsvFile
from ruleyard.actions.report.make import Format, make
from ruleyard.actions.report.pdf_file import PdfFile
from ruleyard.actions.report.xlsx_file import XlsxFile
from ruleyard.core.types import JSON

SEOUL = ZoneInfo("Asia/Seoul")
TEXTS = st.one_of(
    st.text(max_size=40).map(lambda text: text.replace("\x00", "")),
    st.sampled_from(
        [
            "=1+1",
            "+SUM(A1)",
            "-2+3",
            "@cmd",
            "\t=1",
            "\r=1",
            '=HYPERLINK("http://x")',
            "'",
            "''=1",
            '"',
            ",",
            "-5",
            "http://x.eu",
        ]
    ),
)
CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), TEXTS)


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(BOM)
    return list(csv.reader(io.StringIO(content.removeprefix(BOM).decode(), newline=""), strict=True))


def xlsx_rows(content: bytes) -> list[list[object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content))
        return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def written(file: CsvFile | XlsxFile, rows: Sequence[Sequence[Cell]]) -> bytes:
    try:
        file.add(rows)
        return file.close()
    finally:
        file.discard()


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_from_csv_and_none_begins_a_formula(rows: list[tuple[str, str]]) -> None:
    head, *found = csv_rows(written(CsvFile("t", ["=a", "b"]), rows))
    assert head == ["'=a", "b"]
    for row, back in zip(rows, found, strict=True):
        for text, cell in zip(row, back, strict=True):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or re.fullmatch(r"-\d+(\.\d+)?", cell)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_value_comes_back_from_xlsx_as_what_it_was(rows: list[tuple[Cell, Cell]]) -> None:
    content = written(XlsxFile("t", ["n", "a", "b"]), [[n, *row] for n, row in enumerate(rows)])
    assert "f" not in elements(content)
    head, *found = xlsx_rows(content)
    assert head == ["n", "a", "b"]
    for row, (_, *back) in zip(rows, found, strict=True):
        for value, cell in zip(row, back, strict=True):
            assert (unescape(cell) if isinstance(cell, str) else cell) == value


def elements(content: bytes) -> set[str]:
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    return {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(sheet).iter()}


def test_dates_and_moments_are_dates_in_a_spreadsheet_and_ids_are_not_rounded() -> None:
    columns = [ReportColumn(key) for key in ("day", "at", "id", "old", "tags")]
    row = {
        "day": "2026-11-23",
        "at": "2026-11-23T09:00:00+00:00",
        "id": 2**60,
        "old": "1815-06-18",
        "tags": ["a", "b"],
    }
    _, found = xlsx_rows(written(XlsxFile("t", list("abcde")), [row_cells(row, columns, SEOUL)]))
    assert found == [
        datetime(2026, 11, 23),
        datetime(2026, 11, 23, 18),
        str(2**60),
        "1815-06-18",
        '["a","b"]',
    ]
    _, text = csv_rows(written(CsvFile("t", list("abcde")), [row_cells(row, columns, SEOUL)]))
    assert text == ["2026-11-23", "2026-11-23 18:00:00", str(2**60), "1815-06-18", '["a","b"]']


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("2026-02-30", "2026-02-30"),
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T09:00:00", datetime(2026, 11, 23, 9)),
        ("2026-11-23 is when", "2026-11-23 is when"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ({"a": 1}, '{"a":1}'),
        (True, True),
        (None, None),
    ],
)
def test_a_cell_is_what_its_value_says(value: object, cell: Cell) -> None:
    assert cell_of(value, SEOUL) == cell  # type: ignore[arg-type]


def test_a_long_text_ends_in_an_ellipsis_where_a_cell_of_excel_ends() -> None:
    _, [cell] = xlsx_rows(written(XlsxFile("t", ["a"]), [["x" * 40_000]]))
    assert isinstance(cell, str)
    assert (len(cell), cell[-2:]) == (32_767, "x…")


def test_columns_nobody_named_are_the_fields_of_the_rows_in_order() -> None:
    rows = [{"id": 1, "first_name": "Ann"}, {"id": 2, "extra": True}]
    assert columns_of(rows) == (
        ReportColumn("id", "Id"),
        ReportColumn("first_name", "First name"),
        ReportColumn("extra", "Extra"),
    )
    assert columns_of(["a", 1]) == (ReportColumn("", "Value"),)


def test_dots_lead_into_objects_unless_a_field_is_called_so() -> None:
    row = {"owner": {"name": "Ann"}, "a.b": 1, "a": {"b": 2}}
    columns = [ReportColumn(key) for key in ("owner.name", "a.b", "owner.nothing.at.all")]
    assert row_cells(row, columns, SEOUL) == ["Ann", 1, None]


def pdf(rows: Sequence[Sequence[Cell]], labels: Sequence[str] = ("Name", "Note")) -> PdfReader:
    file = PdfFile("놓친 전화 — Звонки — 电话", labels, "2026-11-23 09:00 UTC")
    file.add(rows)
    return PdfReader(io.BytesIO(file.close()))


def test_a_pdf_speaks_four_languages_and_says_where_a_letter_is_missing() -> None:
    page = pdf(
        [["안녕하세요 고객님", "王小明 上海"], ["Анна Петрова", "Ann — ₩ ₽ €"], ["🎉 done", None]]
    ).pages[0]
    text = page.extract_text()
    for words in (
        "놓친 전화 — Звонки — 电话",
        "안녕하세요",
        "王小明 上海",
        "Анна Петрова",
        "₩ ₽ €",
        "□ done",
        "1 / 1",
    ):
        assert words in text
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    used = [
        font
        for font in fonts
        if "ruleyard" in str(font["/BaseFont"]).lower() or "+" in str(font["/BaseFont"])
    ]
    assert used
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used), "letters come with the file"


def test_a_pdf_repeats_its_head_and_counts_its_pages() -> None:
    reader = pdf([[f"person {n}", "a longer note " * 12] for n in range(200)])
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 5
    assert all("Name" in page and f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert [f"person {n}" in "".join(pages) for n in range(200)] == [True] * 200
    assert reader.metadata is not None
    assert reader.metadata.title == "놓친 전화 — Звонки — 电话"


def test_a_word_wider_than_its_column_is_broken_and_a_tall_cell_cut() -> None:
    text = "".join(page.extract_text() for page in pdf([["x" * 3000, "y"]]).pages)
    assert text.count("x") < 3000
    assert "…" in text


async def pages(count: int, size: int) -> AsyncIterator[Sequence[JSON]]:
    for begun in range(0, count, size):
        yield [
            {"id": n, "name": f"Person {n}", "at": "2026-11-23T09:00:00+00:00"}
            for n in range(begun, min(begun + size, count))
        ]


COLUMNS = [ReportColumn(key) for key in ("id", "name", "at")]
MADE = datetime(2026, 11, 23, 9, tzinfo=UTC)


async def test_a_hundred_thousand_rows_go_into_a_file() -> None:
    content, count = await make("csv", "t", COLUMNS, pages(100_000, 1_000), zone=SEOUL, made=MADE)
    assert count == 100_000
    assert csv_rows(content)[-1] == ["99999", "Person 99999", "2026-11-23 18:00:00"]


async def peak_bytes(rows: int) -> int:
    """Most that was held at once, without the finished file."""
    tracemalloc.start()
    try:
        content, _ = await make("xlsx", "t", COLUMNS, pages(rows, 500), zone=SEOUL, made=MADE)
        return tracemalloc.get_traced_memory()[1] - len(content)
    finally:
        tracemalloc.stop()


async def test_memory_does_not_grow_with_the_rows_of_a_spreadsheet() -> None:
    await make("xlsx", "t", COLUMNS, pages(10, 10), zone=SEOUL, made=MADE)
    assert await peak_bytes(8_000) < 1.3 * await peak_bytes(2_000)


@pytest.mark.parametrize(
    ("fmt", "rows", "columns", "code"),
    [
        ("csv", 100_001, 3, "report-too-long"),
        ("pdf", 10_001, 3, "report-too-long"),
        ("pdf", 1, 21, "report-too-wide"),
        ("xlsx", 1, 101, "report-too-wide"),
    ],
)
async def test_what_no_report_holds_is_said(fmt: Format, rows: int, columns: int, code: str) -> None:
    wide = [ReportColumn(f"c{n}") for n in range(columns)]
    with pytest.raises(ActionFailed) as refused:
        await make(fmt, "t", wide, pages(rows, 200_000), zone=SEOUL, made=MADE)
    assert refused.value.code == code
    assert not refused.value.retry


async def test_a_file_beyond_its_bound_is_refused() -> None:
    async def large() -> AsyncIterator[Sequence[JSON]]:
        for _ in range(30):
            yield [{"id": "x" * 1_000_000}]

    with pytest.raises(ActionFailed, match="larger than 20 MB"):
        await make("csv", "t", [ReportColumn("id")], large(), zone=SEOUL, made=MADE)


def places(content: PdfReader) -> dict[str, float]:
    """Where on the first page a text begins, from the left."""
    found: dict[str, float] = {}

    def see(text: str, _matrix: object, at: list[float], _font: object, _size: object) -> None:
        if text.strip():
            found.setdefault(text.strip(), at[4])

    content.pages[0].extract_text(visitor_text=see)
    return found


def test_words_of_a_wide_table_stay_whole_and_a_number_stands_below_its_heading() -> None:
    labels = [f"Column{n}" for n in range(16)]
    row: list[Cell] = ["referral", 5, "a longer note of several words " * 4, *["inbound"] * 13]
    text = pdf([row] * 3, labels).pages[0].extract_text()
    for whole in ("referral", "inbound", *labels):
        assert whole in text


def test_a_long_text_takes_the_room_that_is_over() -> None:
    note = "다음 주 화요일 오전 열 시에 다시 전화해 달라고 요청함. 가격표와 계약서를 이메일로 보내 드릴 것."
    text = pdf([["김민지", note]]).pages[0].extract_text()
    assert note in text


def test_a_heading_above_numbers_stands_on_the_right_as_they_do() -> None:
    at = places(pdf([["Ann", 1234567], ["Bob", None]], ("Name", "N")))
    assert at["N"] > at["1234567"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "yes no"), ("ko", "예 아니요"), ("zh", "是 否"), ("ru", "да нет"), ("", "yes no")],
)
def test_a_pdf_says_yes_and_no_in_the_language_of_its_readers(language: str, words: str) -> None:
    file = PdfFile("Calls", ["Paid", "Consent"], "2026-11-23 09:00 UTC", language)
    file.add([[True, False]])
    text = PdfReader(io.BytesIO(file.close())).pages[0].extract_text()
    assert " ".join(text.split()).startswith(f"Calls 2026-11-23 09:00 UTC Paid Consent {words}")


def test_a_csv_says_them_as_machines_read_them() -> None:
    file = CsvFile("Calls", ["Paid", "Consent"])
    file.add([[True, False]])
    assert file.close().decode("utf-8-sig").splitlines()[1] == "true,false"
