from tests.access.cases import OWNER, SIGNED_IN, Case

CASES = [
    Case("GET api/v1/notifications/", SIGNED_IN),
    Case("GET api/v1/notifications/<uuid:pk>/", (OWNER,), "/api/v1/notifications/{news.pk}/"),
    Case(
        "PATCH api/v1/notifications/<uuid:pk>/",
        (OWNER,),
        "/api/v1/notifications/{news.pk}/",
        {"read": True},
    ),
]
