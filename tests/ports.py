import random
import socket

APART = range(10_000, 32_000)  # below those that Linux lends to whoever calls out: none is gone before it is opened


def free_port() -> int:
    """A port for a server that is started later, maybe after minutes of furnishing."""
    while True:
        port = random.choice(APART)
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
