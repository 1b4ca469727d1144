"""What may be stored, one file for each kind of value.

Values in, values out: no database, no clock, no settings. The panel, the import and every later
door ask here, so that one value gets one answer whichever way it came.
"""

from clinic.verdicts.verdict import Rejected, Verdict

__all__ = ["Rejected", "Verdict"]
