"""Fixtures of the wiki's tests."""

from apps.wiki.tests.people import editor, moderator, other, park, ride, writer  # noqa: F401
