"""A staff list held against the users of an enterprise, and what has to be done to make them one."""
