"""Processes in which model output runs: a zygote that forks one confined child for each program.

``kernel`` and ``seccomp`` speak to Linux, ``layers`` says what isolation there is, ``setup`` enters
it. ``zygote`` keeps a warm interpreter and forks, ``child`` confines itself and runs one job,
``wire`` is how they speak to each other, ``host`` and ``report`` are the pool's side of it.
``neurosym.backends.pool`` is what callers see.
"""
