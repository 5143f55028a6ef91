"""Branches, commits and reviews of `longhouse.versioning` in the public API."""
