"""Shared documents: what several people write at once, offline too. docs/documents.md."""
