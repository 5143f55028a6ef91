from tests.access.cases import OWNER, SIGNED_IN, Case

CASES = [
    Case("GET api/notifications", SIGNED_IN),
    Case("POST api/notifications/read", SIGNED_IN, body={"up_to": "{news.pk}"}),
    Case("GET api/notifications/choices", SIGNED_IN),
    Case(
        "PUT api/notifications/choices/<kind>",
        SIGNED_IN,
        "/api/notifications/choices/tests.news",
        {"in_app": True, "mail": "daily"},
    ),
    Case(
        "PATCH api/notifications/<uuidstr:notification_id>",
        (OWNER,),
        "/api/notifications/{news.pk}",
        {"read": True},
    ),
]
