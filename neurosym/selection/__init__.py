"""Selectors choose among candidates; one rule a file, each with its paper."""
