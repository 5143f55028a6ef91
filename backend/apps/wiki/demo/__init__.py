"""Real parks and rides, so that there is something to read and to improve."""

from apps.wiki.demo.load import is_loaded, load

__all__ = ["is_loaded", "load"]
