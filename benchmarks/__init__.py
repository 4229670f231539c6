"""Benchmarks: accuracy on word problems, and speed of the sandbox and the engine.

Run ``python -m benchmarks --help``. Results go to ``benchmarks/results`` as JSON, and
``benchmarks/LOG.md`` tells what they say.
"""
