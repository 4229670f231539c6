"""Backends run and check formal objects; one file or folder each."""
