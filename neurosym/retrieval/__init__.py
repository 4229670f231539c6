"""Premises that a proof may use: which are accessible where, and which of them fit a goal."""
