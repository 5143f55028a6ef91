"""Whatever changes the title or the preview of a built page retires it."""

import pytest

from apps.museum import services
from apps.museum.models import Photo
from apps.museum.tests.factories import MachineFactory, MachineModelFactory, ReportFactory
from apps.museum.tests.photos import make_photo
from longhouse.frontdoor import conf
from longhouse.frontdoor.retired import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def retired(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.FRONTDOOR_RETIRED = tmp_path / "retired.json"

    def by(change) -> set[str]:
        (tmp_path / "retired.json").unlink(missing_ok=True)
        with django_capture_on_commit_callbacks(execute=True):
            change()
        return set(read(conf.load().retired))

    return by


@pytest.fixture
def machine():
    MachineFactory.create()  # another one, whose pages stay
    return MachineFactory.create(slug="taxi-m7777", asset_number="M7777")


PAGES = {"/machines/taxi-m7777", "/r/M7777"}


def test_a_deletion_and_its_undoing(retired, machine, manager):
    deletion = []
    assert retired(lambda: deletion.append(services.delete(actor=manager, row=machine))) == PAGES
    assert retired(lambda: services.undelete(actor=manager, deletion_id=deletion[0])) == PAGES


def test_a_deletion_in_the_admin(retired, machine, superuser, client):
    client.force_login(superuser)
    data = {"action": "delete_selected", "_selected_action": [str(machine.pk)], "post": "yes"}
    assert retired(lambda: client.post("/admin/museum/machine/", data)) == PAGES


def test_facts_of_its_model(retired, machine, superuser, client):
    client.force_login(superuser)
    model = machine.model
    data = {
        "name": model.name, "manufacturer": model.manufacturer, "year": model.year,
        "era": model.era, "players": model.players, "designer": "", "facts": "It drives.",
    }  # fmt: skip
    path = f"/admin/museum/machinemodel/{model.pk}/change/"
    assert retired(lambda: client.post(path, data)) == PAGES


def test_another_model(retired, machine, manager):
    other = MachineModelFactory.create()
    changed = lambda: services.change_machine(  # noqa: E731
        actor=manager, machine=machine, version=machine.version, model=other
    )
    assert retired(changed) == PAGES


def test_its_pictures(retired, machine, manager):
    assert retired(lambda: make_photo(actor=manager, machine=machine)) == PAGES
    photo = Photo.objects.get()
    assert retired(lambda: services.delete(actor=manager, row=photo)) == PAGES


def test_what_no_preview_tells_leaves_them(retired, machine, manager):
    report = ReportFactory.create(machine=machine)
    assert retired(lambda: services.delete(actor=manager, row=report)) == set()
    work = {"actor": manager, "machine": machine, "description": "x", "status_after": "broken"}
    assert retired(lambda: services.log_work(**work)) == set()
