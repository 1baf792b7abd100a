"""Temporary files of the tests, and of the programs that they start, are in memory where it can be.

Databases are made, written and thrown away all the time, and a commit waits for its disk.
"""

import os
import tempfile

MEMORY = "/dev/shm"
ENOUGH = 4 * 2**30  # bytes; less than one is used at a time


def keep_in_memory():
    """Use memory, unless the environment names a folder or there is not enough of it."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    found = os.statvfs(MEMORY)
    if found.f_bavail * found.f_frsize >= ENOUGH and not found.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = MEMORY
        tempfile.tempdir = None  # so that it is read again
