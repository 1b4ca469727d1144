"""Ratios of the product's own public calls to the raw limits of this machine, in one run.

A figure in seconds says more about the machine than about the code; a ratio of two things measured
side by side, one after the other and round by round, can be compared with yesterday's.
"""
