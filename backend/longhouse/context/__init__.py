"""The project describes itself: facts read from the code, committed as JSON, checked for drift."""
