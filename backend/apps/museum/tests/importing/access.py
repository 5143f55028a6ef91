"""Who may import machines."""

from apps.museum.tests.importing.files import three
from apps.users.roles import MANAGER
from tests.access.cases import Case

CASES = [
    Case(
        "POST api/machines/import",
        (MANAGER,),
        "/api/machines/import?check=true",
        {"file": three},
        files=True,
    ),
]
