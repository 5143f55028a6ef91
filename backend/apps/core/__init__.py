"""What every app stands on: base models, soft deletion, problems, limits, health."""
