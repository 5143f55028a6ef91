"""Who may import machines."""

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.museum.tests.factories import LocationFactory
from apps.museum.tests.importing.files import three
from apps.users.roles import MANAGER
from tests.access.cases import Case


def table() -> SimpleUploadedFile:
    LocationFactory.create(name="Hall", slug="hall")
    return three()


CASES = [Case("POST api/machines/import", (MANAGER,), body={"file": table}, files=True)]
