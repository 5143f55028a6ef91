"""Mail: one look for all of it, any provider by EMAIL_URL, a mailbox page while developing.

    from longhouse.mail import send

    send("orders/shipped", to=[order.email], context={"order": order})

The template `orders/shipped.txt` is the source of both parts of the mail, see compose.py.
"""

from longhouse.mail.compose import compose, send

__all__ = ["compose", "send"]
