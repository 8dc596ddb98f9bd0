"""`tm-async login`, `whoami` and `logout`: users of a third-party app (OAuth2)."""
