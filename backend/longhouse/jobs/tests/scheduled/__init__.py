"""An app whose tasks module declares a schedule; only one test installs it."""
