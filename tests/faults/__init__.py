"""What the package promises under faults, measured: `python -m tests.faults`; a short form is among the tests."""
