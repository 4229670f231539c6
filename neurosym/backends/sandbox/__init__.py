"""Processes in which model output runs: a zygote that forks one confined child for each program.

``kernel`` and ``seccomp`` speak to Linux, ``layers`` says what this machine offers, ``zygote`` keeps
a warm interpreter and forks, ``child`` confines itself and runs one job, ``wire`` is the form of the
messages between them. ``neurosym.backends.pool`` is the side that callers see.
"""
