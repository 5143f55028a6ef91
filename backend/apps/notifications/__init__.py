"""Notifications in the APIs; what they are is in longhouse.notifications."""
