"""Machines from a table: read, check everything, then take them in by a workflow."""
