"""`python -m clinic.healthy`: ask the web server in this container whether it works.

For the HEALTHCHECK of the image. Asks as the proxy would, under the public name and over https,
because anything else is refused. Exit code 0 means yes.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

PORT = 8000
TIMEOUT_SECONDS = 8


def main(port: int = PORT) -> int:
    """Return 0 if the web server does its work, else 1; say what it answered.

    Sending that is stuck is told to people (reminders/flow/watch.py). It is no reason to take the
    web server away from them.
    """
    public = urlsplit(os.environ["PUBLIC_URL"])
    headers = {"Host": public.netloc, "X-Forwarded-Proto": public.scheme}
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        server.request("GET", "/health", headers=headers)
        answer = server.getresponse()
        said = answer.read(500).decode(errors="replace")
    except OSError as reason:
        sys.stdout.write(f"{reason}\n")
        return 1
    sys.stdout.write(f"{answer.status} {said}\n")
    return 0 if answer.status == http.client.OK or '"stuck"' in said else 1


if __name__ == "__main__":
    sys.exit(main())
