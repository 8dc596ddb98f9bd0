"""Events of the platform, received, verified, read and handled."""
