"""`python -m clinic.embedded COMMAND …`: run one command with PostgreSQL and Redis beside it."""

import os
import subprocess
import sys

from clinic.embedded import NoServer, running_services


def main(command: list[str]) -> int:
    """Return the command's own exit code; 1 if there is no server to be had."""
    try:
        with running_services() as services:
            addresses = {
                "DATABASE_URL": services.database_url,
                "REDIS_URL": services.redis_url,
            }
            return subprocess.run(command, env=os.environ | addresses, check=False).returncode
    except NoServer as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
