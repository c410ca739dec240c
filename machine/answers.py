"""Waits until the server answers, whatever it answers; fails as soon as its process is gone."""

import http.client
import os
import sys
import time

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked at, not listened on

pid, host, port = int(sys.argv[1]), EVERYWHERE.get(sys.argv[2], sys.argv[2]), int(sys.argv[3])
for _ in range(1200):
    try:
        os.kill(pid, 0)
        connection = http.client.HTTPConnection(host, port, timeout=5)
        connection.request("GET", "/")
        connection.getresponse()
        sys.exit(0)
    except ProcessLookupError:
        sys.exit(1)
    except (OSError, http.client.HTTPException):
        time.sleep(0.05)
sys.exit(1)
