"""CSV files as a manager would make them."""

from django.core.files.uploadedfile import SimpleUploadedFile

HEADER = "name,manufacturer,year,era,asset_number,location"


def csv(*rows: str, header: str = HEADER) -> SimpleUploadedFile:
    return file("\n".join((header, *rows)))


def file(content: str | bytes) -> SimpleUploadedFile:
    data = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile("machines.csv", data, content_type="text/csv")


def three() -> SimpleUploadedFile:
    """Two of one new model, one of another, all in the hall."""
    return csv(
        "Black Knight,Williams,1980,ss,M8001,Hall",
        "Black Knight,Williams,1980,,M8002,hall",
        "Taxi,Williams,1988,Solid state,m8003,Hall",
    )
