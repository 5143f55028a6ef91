"""Title of the front end's page that a mail links to; it exists for any key."""

from longhouse.frontdoor.heads import Head, page_head


@page_head("/(public)/account/reset-password/[key]")
def new_password(key: str) -> Head:
    path = "/account/reset-password"
    return Head("Choose a new password", "Choose a new password for your account.", path)
