"""Emergency access to a patient of another clinic: the door, the record, the review."""
