"""Version control of ordinary Django models: branches, history, three-way merges. See README.md."""
