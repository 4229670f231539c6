"""Solvers of optimization models, and certificates of what they find."""
