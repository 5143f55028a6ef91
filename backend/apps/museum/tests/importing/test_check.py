"""What is said of a file before anything is stored."""

import pytest

from apps.core.problems import InvalidInput, NotAllowed, TooLarge
from apps.museum.importing import services, table
from apps.museum.models import Machine, MachineModel
from apps.museum.tests.factories import LocationFactory, MachineFactory, MachineModelFactory
from apps.museum.tests.importing.files import HEADER, csv, file, three
from longhouse.workflows.models import Run

pytestmark = pytest.mark.django_db
GOOD = "Taxi,Williams,1988,ss,M8001,Hall"


@pytest.fixture(autouse=True)
def hall():
    return LocationFactory.create(name="Hall", slug="hall")


def errors_of(manager, upload):
    """Of a preview: {(row, column): message}."""
    found = services.preview(actor=manager, upload=upload)
    return {
        (one.row.number, column): message
        for one in found.rows
        for column, message in one.errors.items()
    }


def test_a_preview_tells_what_would_come(manager):
    found = services.preview(actor=manager, upload=three())
    assert (len(found.rows), found.new_models, found.errors) == (3, 2, 0)
    assert not Machine.objects.exists()
    assert not Run.objects.exists()


def test_a_known_model_is_found_however_it_is_written(manager):
    MachineModelFactory.create(name="Taxi", manufacturer="Williams", year=1988)
    found = services.preview(actor=manager, upload=csv("TAXI,williams,1988,,M8001,Hall"))
    assert (found.new_models, found.errors) == (0, 0)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (",Williams,1988,ss,M8001,Hall", "name", "This field is required."),
        ("Taxi,,1988,ss,M8001,Hall", "manufacturer", "This field is required."),
        ("Taxi,Williams,,ss,M8001,Hall", "year", "This field is required."),
        ("Taxi,Williams,88,ss,M8001,Hall", "year", "greater than or equal to 1869"),
        ("Taxi,Williams,x,ss,M8001,Hall", "year", "must be an integer"),
        ("Taxi,Williams,1988,,M8001,Hall", "era", "This model is new: say its era."),
        ("Taxi,Williams,1988,steam,M8001,Hall", "era", "not a valid choice"),
        ("Taxi,Williams,1988,ss,8001,Hall", "asset_number", "at least four digits"),
        ("Taxi,Williams,1988,ss,,Hall", "asset_number", "This field is required."),
        ("Taxi,Williams,1988,ss,M8001,Moon", "location", "There is no place called Moon."),
        ("Taxi,Williams,1988,ss,M8001,", "location", "This field is required."),
        (f"{'x' * 121},Williams,1988,ss,M8001,Hall", "name", "at most 120 characters"),
    ],
)
def test_every_mistake_is_told_by_row_and_column(manager, row, column, message):
    (found,) = errors_of(manager, csv("Firepower,Williams,1980,ss,M8000,Hall", "", row)).items()
    assert found[0] == (4, column)  # as a spreadsheet counts
    assert message in found[1]


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        (f"{HEADER},players", f"{GOOD},9", "players"),
        (f"{HEADER},acquired_on", f"{GOOD},yesterday", "acquired_on"),
        (f"{HEADER},serial_number", f"{GOOD},{'1' * 41}", "serial_number"),
    ],
)
def test_columns_that_may_be_left_out_are_checked_too(manager, header, row, column):
    assert list(errors_of(manager, csv(row, header=header))) == [(2, column)]


def test_asset_numbers_that_are_taken_or_there_twice(manager, hall):
    MachineFactory.create(asset_number="M8001")
    Machine.objects.filter(pk=MachineFactory.create(asset_number="M8002").pk).delete()
    rows = [f"Taxi,Williams,1988,ss,{number},Hall" for number in ("m8001", "M8002", "m8002")]
    assert errors_of(manager, csv(*rows)) == {
        (2, "asset_number"): "Another machine has this asset number.",
        (4, "asset_number"): "Row 3 has this asset number already.",
    }


def test_one_new_model_has_one_era(manager):
    rows = ["Taxi,Williams,1988,ss,M8001,Hall", "Taxi,Williams,1988,dmd,M8002,Hall"]
    found = errors_of(manager, csv(*rows))
    assert found == {(3, "era"): "Row 2 says another era of this model."}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        ("", "The first row names the columns"),
        (HEADER, "There are no machines"),
        (f"{HEADER}\n,,,,,\n", "There are no machines"),
        (f"name,year\n{GOOD}", "Missing columns: manufacturer, asset_number, location"),
        (f"{HEADER},colour\n{GOOD},red", "Unknown columns: colour"),
        (f"{HEADER},name\n{GOOD},Taxi", "twice"),
        (f"{HEADER}\n{GOOD},1,2", "Row 2 has more columns"),
        (f'{HEADER}\n"Taxi', "Line 2 cannot be read"),
        (f"{HEADER}\nTa\0xi,Williams,1988,ss,M8001,Hall", "cannot be stored"),
        ("\n".join([HEADER, *["a,b,1,ss,M1,H"] * 501]), "This has 501 machines"),
    ],
)
def test_a_file_that_is_no_table_of_machines(manager, content, message):
    with pytest.raises(InvalidInput) as refused:
        services.preview(actor=manager, upload=file(content))
    assert refused.value.errors[0]["field"] == "file"
    assert message in refused.value.errors[0]["message"]


def test_files_of_spreadsheets_are_read(manager):
    text = f"\ufeff{HEADER}\r\n{GOOD}\r\n".replace(",", ";").replace("asset_number", "Asset Number")
    assert services.preview(actor=manager, upload=file(text)).errors == 0


def test_a_file_that_is_too_large(manager):
    with pytest.raises(TooLarge):
        services.preview(actor=manager, upload=file(b"x" * (table.MAX_BYTES + 1)))
    # In other alphabets the same machines take more room where they are kept.
    row = f"{'Ж' * 100},Williams,1988,ss,M8{{:03}},Hall"
    rows = [row.format(number) for number in range(200)]
    with pytest.raises(TooLarge):
        services.start(actor=manager, upload=csv(*rows))
    assert not Run.objects.exists()


def test_nothing_starts_while_something_is_wrong(manager):
    upload = csv("Taxi,Williams,x,ss,M8001,Hall", "Taxi,Williams,1988,ss,M1,Moon")
    with pytest.raises(InvalidInput) as refused:
        services.start(actor=manager, upload=upload)
    told = {error["field"]: error["message"] for error in refused.value.errors}
    assert list(told) == ["2.year", "3.asset_number", "3.location"]
    assert told["3.location"] == "Row 3, location: There is no place called Moon."
    assert not Run.objects.exists()


def test_only_managers_import(maintainer):
    for ask in (services.preview, services.start):
        with pytest.raises(NotAllowed):
            ask(actor=maintainer, upload=three())


def test_five_hundred_machines_are_checked_by_three_queries(manager, django_assert_num_queries):
    rows = [f"Taxi,Williams,1988,ss,M{number},Hall" for number in range(2000, 2500)]
    manager.has_perm("museum.add_machine")
    with django_assert_num_queries(3):
        assert services.preview(actor=manager, upload=csv(*rows)).errors == 0
    assert not MachineModel.objects.exists()
