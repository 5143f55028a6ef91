"""Who may do what with operations in the public API: nothing is known of other people's."""

from tests.access.cases import OWNER, SIGNED_IN, Case

ONE = "api/v1/operations/<uuid:pk>"

CASES = [
    Case("GET api/v1/operations/", SIGNED_IN),
    Case(f"GET {ONE}/", (OWNER,), "/api/v1/operations/{run.pk}/"),
    Case(
        f"GET {ONE}/steps/<int:position>/items/",
        (OWNER,),
        "/api/v1/operations/{run.pk}/steps/0/items/",
    ),
    Case(f"POST {ONE}/cancel/", (OWNER,), "/api/v1/operations/{run.pk}/cancel/"),
    Case(f"POST {ONE}/retry/", (OWNER,), "/api/v1/operations/{failed.pk}/retry/"),
]
