"""What people and programs see of branches, commits and reviews of `longhouse.versioning`."""
