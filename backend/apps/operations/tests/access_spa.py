"""Who may do what with operations in the first-party API: nothing is known of other people's."""

from tests.access.cases import OWNER, SIGNED_IN, Case

ONE = "api/operations/<uuidstr:operation_id>"

CASES = [
    Case("GET api/operations", SIGNED_IN),
    Case(f"GET {ONE}", (OWNER,), "/api/operations/{run.pk}"),
    Case(
        f"GET {ONE}/steps/<int:position>/items", (OWNER,), "/api/operations/{run.pk}/steps/0/items"
    ),
    Case(f"POST {ONE}/cancel", (OWNER,), "/api/operations/{run.pk}/cancel"),
    Case(f"POST {ONE}/retry", (OWNER,), "/api/operations/{failed.pk}/retry"),
]
