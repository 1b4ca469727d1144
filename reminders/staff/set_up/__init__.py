"""Setting up a clinic: what it lacks, the tests of its sending, and going live."""
