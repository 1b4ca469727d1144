"""As in English."""

from clinic.formats.en.formats import TIME_INPUT_FORMATS

__all__ = ["TIME_INPUT_FORMATS"]
