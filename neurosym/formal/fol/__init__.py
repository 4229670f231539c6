"""First-order logic: syntax, sorts, theories, and the dialects they are written in."""
