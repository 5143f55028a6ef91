"""A CSV file as rows of text."""

import csv
import io
from dataclasses import dataclass
from typing import Final

from django.core.files.uploadedfile import UploadedFile

from apps.core.problems import InvalidInput, TooLarge

MAX_BYTES: Final = 64 * 1024
MAX_ROWS: Final = 500
REQUIRED: Final = ("name", "manufacturer", "year", "asset_number", "location")
#: era, players and designer are of models that the museum has none of yet
OPTIONAL: Final = ("era", "players", "designer", "serial_number", "acquired_on", "notes")
COLUMNS: Final = (*REQUIRED, *OPTIONAL)


@dataclass(frozen=True)
class Row:
    """One machine. `number` is what a spreadsheet calls the row: the header is 1."""

    number: int
    values: dict[str, str]  # of every column


def text_of(upload: UploadedFile) -> str:
    """Raises TooLarge, or InvalidInput when it is no text."""
    if (upload.size or 0) > MAX_BYTES:
        raise too_large()
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unreadable("Save it as CSV in UTF-8: this is no such text.") from error
    if "\0" in text:
        raise unreadable("This contains a character that cannot be stored.")
    return text


def read(text: str) -> list[Row]:
    """The rows of a table with a header; commas, semicolons or tabs between the columns.

    Raises InvalidInput when it is no such table.
    """
    first = text.partition("\n")[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True
    )
    try:
        records = list(lines)
    except csv.Error as error:
        raise unreadable(f"Line {lines.line_num} cannot be read: {error}.") from error
    if not records or not any(cell.strip() for cell in records[0]):
        raise unreadable(f"The first row names the columns: {', '.join(REQUIRED)}.")
    header = _header(records[0])
    rows = []
    for number, record in enumerate(records[1:], start=2):
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        if any(cells[len(header) :]):
            raise unreadable(f"Row {number} has more columns than the first one.")
        rows.append(
            Row(number, dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False)))
        )
    if not rows:
        raise unreadable("There are no machines in this file.")
    if len(rows) > MAX_ROWS:
        raise unreadable(f"This has {len(rows)} machines; take at most {MAX_ROWS} at once.")
    return rows


def _header(cells: list[str]) -> list[str]:
    names = ["_".join(cell.casefold().split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if missing := [name for name in REQUIRED if name not in names]:
        raise unreadable(f"Missing columns: {', '.join(missing)}.")
    if unknown := [name for name in names if name not in COLUMNS]:
        raise unreadable(f"Unknown columns: {', '.join(unknown)}. Known: {', '.join(COLUMNS)}.")
    if len(set(names)) < len(names):
        raise unreadable("A column is there twice.")
    return names


def unreadable(message: str) -> InvalidInput:
    return InvalidInput(errors=[{"field": "file", "message": message}])


def too_large() -> TooLarge:
    return TooLarge(f"One file has at most {MAX_BYTES // 1024} kB: split it in two.")
