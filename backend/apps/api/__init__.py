"""The first-party API: who calls, how often, how errors and pages of a list look."""
