"""People: accounts by email, how they sign in, and the table of roles."""
