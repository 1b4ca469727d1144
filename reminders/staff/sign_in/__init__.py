"""Signing in to the panel: a password and a second factor, how long it lasts, and asking again."""
