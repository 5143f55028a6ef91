"""Only in the admin."""

from tests.access.cases import Case

CASES: list[Case] = []
