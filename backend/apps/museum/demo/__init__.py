"""A pinball museum with a year of work behind it."""

from apps.museum.demo.load import is_loaded, load

__all__ = ("is_loaded", "load")
