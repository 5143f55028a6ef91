"""Notifications: a person is told in the application, by mail at once, or by mail once a day.

An app says in its `notifications.py` what it tells of, and its services tell it:

    SHIPPED = register(Kind("shop.shipped", "Your orders", mail=Mail.NOW))

    notify([order.owner], SHIPPED, title="Your order is on its way", url="/orders/17")

Each person chooses for each kind. See docs/notifications.md.
"""
