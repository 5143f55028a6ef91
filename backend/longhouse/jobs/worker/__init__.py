"""The embedded engine: one supervisor, which talks to the database, and its child processes."""
