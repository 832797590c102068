"""Chaos: real processes under load, killed, paused, cut off and flushed at random moments, and an oracle that counts.

`python -m chaos --events 100000 --faults 50 --seed 1` (recipe `just chaos`); a small one runs in the suite.
"""
