"""Realtime: one commit-ordered log of events, followed by browsers over SSE and WebSockets."""
