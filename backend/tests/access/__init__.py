"""Who may do what: every route of the URL configuration, asked as everybody who could come.

An app says it for its routes in `tests/access.py`; a route that no app speaks of fails the test.
"""
