"""Engines run the language model; one file each."""
