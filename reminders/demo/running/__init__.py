"""The processes of the demo: their surroundings, and how each is started, watched and stopped."""
