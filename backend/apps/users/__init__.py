"""People: accounts by email, sign-in, profile, and the table of roles."""
