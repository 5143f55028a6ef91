"""One harness for every suite: starts servers, loads them in turns, reads what they cost."""
