"""Lean 4 as text that is taken apart: tokens, commands, and a theorem as a value."""
