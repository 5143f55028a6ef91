"""Who may do what with the museum in the public API."""

from typing import Any

from apps.users.roles import MAINTAINER, MANAGER
from tests.access.cases import EVERYBODY, Case

TEAM = (MAINTAINER, MANAGER)
SEEN = {"If-Match": "*"}


def listed(name: str, allowed: tuple[str, ...]) -> Case:
    return Case(f"GET api/v1/{name}/", allowed)


def added(name: str, allowed: tuple[str, ...], body: dict[str, Any]) -> Case:
    return Case(f"POST api/v1/{name}/", allowed, body=body)


def one(
    method: str, name: str, thing: str, allowed: tuple[str, ...], body: Any = None, key: str = "pk"
) -> Case:
    kind = "slug" if key == "slug" else "uuid"
    route = f"{method} api/v1/{name}/<{kind}:{key}>/"
    return Case(route, allowed, f"/api/v1/{name}/{{{thing}.{key}}}/", body, headers=SEEN)


CASES = [
    listed("machines", EVERYBODY),
    one("GET", "machines", "machine", EVERYBODY, key="slug"),
    added(
        "machines",
        (MANAGER,),
        {"model_id": "{model.pk}", "location_id": "{location.pk}", "asset_number": "M9000"},
    ),
    one("PATCH", "machines", "machine", (MANAGER,), {"notes": "New rubber."}, key="slug"),
    one("DELETE", "machines", "machine", (MANAGER,), key="slug"),
    listed("locations", EVERYBODY),
    one("GET", "locations", "location", EVERYBODY),
    added("locations", (MANAGER,), {"name": "Attic", "slug": "attic", "zone": "storage"}),
    one("PATCH", "locations", "location", (MANAGER,), {"position": 4}),
    listed("machine-models", EVERYBODY),
    one("GET", "machine-models", "model", EVERYBODY),
    added(
        "machine-models",
        (MANAGER,),
        {"name": "Fireball", "manufacturer": "Bally", "year": 1972, "era": "em"},
    ),
    one("PATCH", "machine-models", "model", (MANAGER,), {"players": 2}),
    listed("photos", EVERYBODY),
    one("GET", "photos", "photo", EVERYBODY),
    added("reports", EVERYBODY, {"asset_number": "{machine.asset_number}", "category": "flippers"}),
    listed("reports", TEAM),
    one("GET", "reports", "report", TEAM),
    one("PATCH", "reports", "report", TEAM, {"priority": "major"}),
    one("DELETE", "reports", "report", (MANAGER,)),
    Case("DELETE api/v1/reports/<uuid:pk>/closure/", TEAM, "/api/v1/reports/{closed.pk}/closure/"),
    listed("log-entries", TEAM),
    one("GET", "log-entries", "entry", TEAM),
    added("log-entries", TEAM, {"machine": "{machine.slug}", "description": "Cleaned it."}),
    # Its author needs the role as well.
    one("PATCH", "log-entries", "entry", (MANAGER,), {"minutes": 5}),
    listed("parts", TEAM),
    one("GET", "parts", "part", TEAM),
    added("parts", TEAM, {"machine": "{machine.slug}", "name": "Flipper coil"}),
    one("PATCH", "parts", "part", TEAM, {"quantity": 2}),
    one("DELETE", "parts", "part", (MANAGER,)),
    Case(
        "POST api/v1/deletions/<uuid:pk>/restore/",
        (MANAGER,),
        "/api/v1/deletions/{deletion}/restore/",
    ),
]
