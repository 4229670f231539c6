"""Strategies spend a budget of samples on a problem; one loop a file."""
