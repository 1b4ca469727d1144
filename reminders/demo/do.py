"""`make demo-do`: one of Django's commands in the surroundings of the running demo."""

import json
import os
import subprocess
import sys
from pathlib import Path

from reminders.demo.run import FOLDER, ROOT, SURROUNDINGS


def main(arguments: list[str]) -> int:
    """Run `manage.py COMMAND` with the demo's addresses and secrets; 1 when there is no demo."""
    if not arguments:
        sys.stderr.write('Say which command, as in: make demo-do command="balance"\n')
        return 1
    kept = Path(FOLDER) / SURROUNDINGS
    if not kept.exists():
        sys.stderr.write("There is no demo here. Start it first: make demo\n")
        return 1
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | json.loads(kept.read_text()),
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
