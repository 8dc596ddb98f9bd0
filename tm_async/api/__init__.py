"""The chapters of the vendor's documentation, one folder each. They load on first use."""
