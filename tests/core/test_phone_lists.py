"""Pasted lists of phone numbers, as people have them."""

from __future__ import annotations

import pytest

from ruleyard.core.phone_lists import MOST_LINES, ListedPhone, read_phones


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("010-1234-5678\n+7 916 123-45-67", "82", [("+821012345678", "", ""), ("+79161234567", "", "")]),
        ("\ufeffPhone,Name\r\n010 1234 5678,Kim Minji,by mail", "82", [("+821012345678", "Kim Minji", "by mail")]),
        ("Kim\t+821012345678\tno ads\tsince May", "", [("+821012345678", "Kim", "no ads, since May")]),
        ('"Lee; Sons";+821012345678', "", [("+821012345678", "Lee; Sons", "")]),
        ("010-1234-5678, 010-8765-4321", "82", [("+821012345678", "", ""), ("+821087654321", "", "")]),
        ("2026-11-22,010-1234-5678", "82", [("+821012345678", "2026-11-22", "")]),
        ("22.11.2026 10:00;+79161234567;Иван", "7", [("+79161234567", "22.11.2026 10:00", "Иван")]),
        ("+821012345678\n\n+82 10 1234 5678,Again", "", [("+821012345678", "", "")]),
    ],
)  # fmt: skip
def test_a_number_is_found_with_its_name_and_reason(
    text: str, country: str, found: list[tuple[str, str, str]]
) -> None:
    read = read_phones(text, country)
    assert read.phones == tuple(ListedPhone(*one) for one in found)
    assert read.faults == ()


def test_a_line_without_a_number_is_told_by_its_line() -> None:
    read = read_phones("+821012345678\nKim Minji\n010-1234-5678\n12,34\n+8210")
    assert [(one.line, one.code) for one in read.faults] == [
        (2, "no-number"),
        (3, "no-country"),
        (4, "no-number"),
        (5, "no-number"),
    ]
    assert len(read.phones) == 1


def test_a_list_ends_somewhere_and_says_so() -> None:
    read = read_phones("\n".join(f"+8210{n:08}" for n in range(MOST_LINES + 5)))
    assert len(read.phones) == MOST_LINES
    assert [(one.line, one.code) for one in read.faults] == [(MOST_LINES + 1, "too-many-lines")]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\x00", '"', "Phone", "a" * 200_000, '"+821012345678'])
def test_nonsense_is_read_in_peace(text: str) -> None:
    read_phones(text, "82")
