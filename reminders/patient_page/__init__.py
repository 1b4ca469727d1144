"""The patient's door: what the {link} of a message leads to. No log-in, no patient data."""
