"""Exports: the rows of a list as a file, with names only where somebody says why."""
