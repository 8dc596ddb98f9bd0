"""Every event that the platform documents, as a class."""
