"""Tries to listen at a host and port; where that can't be, says why and what to do."""

import errno
import socket
import sys

host, port = sys.argv[1:]
if not port.isdecimal() or not 0 < int(port) < 65536:
    sys.exit(f"PORT is {port!r}: give a number from 1 to 65535.")
try:
    family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen()
except OSError as error:
    if error.errno == errno.EADDRINUSE:
        sys.exit(f"Port {port} is taken; perhaps Loopcard is running already. To use another: PORT={int(port) % 65535 + 1} ./run")
    if error.errno == errno.EACCES:
        sys.exit(f"Port {port} is for root only. To use another: PORT=8000 ./run")
    sys.exit(f"HOST is {host!r}, where nothing can listen: {error.strerror}.")
