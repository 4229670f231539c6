"""Lean as a backend: theorems and their proofs, elaborated and judged."""
