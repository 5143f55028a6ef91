"""The log of security events: who signed in, what failed, what was changed."""
