"""Hours in forms are hours and minutes; what is read may still have seconds."""

TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]
