"""The vendor's facts as files, and the commands that keep them: they are run from the repository, not installed."""
