"""The documentation; `docs.generate` makes some of its pages from the classes."""

__all__: list[str] = []
