"""The content workbench: a version is read, written, compared, tried out and pulled here."""
