"""Personal access tokens: made in the profile, for programs that act for a person."""
