"""Files: networks and trainings written whole or not at all, and read with suspicion."""
