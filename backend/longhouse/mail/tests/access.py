from tests.access.cases import Case

CASES: list[Case] = []
# While developing, for whoever is at this machine; else it is not there (test_mailbox.py).
OPEN = {
    "GET dev/mail/",
    "GET dev/mail/<uuid:mail_id>",
    "GET dev/mail/<uuid:mail_id>/html",
}
