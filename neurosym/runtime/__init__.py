"""What a run needs while it goes on: the session, its log, the records in it."""
