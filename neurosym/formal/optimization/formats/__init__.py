"""Files and notations that models are read from and printed in."""

__all__: list[str] = []
