"""Waiting for what really happened, instead of sleeping."""

import os
import select

PATIENCE_SECONDS = 20


def ends(pid):
    """Wait for the process to end, whoever its parent is; False when it lives on."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], PATIENCE_SECONDS)[0])
    finally:
        os.close(watched)
