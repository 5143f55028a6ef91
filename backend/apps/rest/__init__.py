"""The public API: tokens, errors, pages of a list and limits of all that is under /api/v1/."""
