"""The command line: parses arguments, calls the API, renders."""

from neurosym.cli.app import main

__all__ = ["main"]
