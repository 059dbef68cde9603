"""A line between a phone and its house, cut before a form arrives, or after it, when its answer is on the way."""

import contextlib
import socket
import threading


class BadLine:
    """`cut` is "" (a good line), "before" (nothing gets through), "after" (forms arrive, their answers do not),
    "hangs" (forms get neither through nor an answer), or "away" (pages come, and of forms only signing out).
    """

    def __init__(self, port: int) -> None:
        self.to, self.cut, self.arrived = port, "", 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self.door.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self.door.accept()
                threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        with contextlib.suppress(OSError), phone, socket.create_connection(("127.0.0.1", self.to)) as house:
            is_form = [False]
            threading.Thread(target=self._back, args=(phone, house, is_form), daemon=True).start()
            while said := phone.recv(65536):
                if self.cut == "before":
                    return
                if said[:4] in (b"POST", b"GET "):
                    is_form[0] = said.startswith(b"POST") and not said.startswith(b"POST /sign-out")
                if self.cut == "away" and is_form[0]:
                    return
                if self.cut != "hangs" or not is_form[0]:
                    house.sendall(said)

    def _back(self, phone: socket.socket, house: socket.socket, is_form: list[bool]) -> None:
        with contextlib.suppress(OSError):
            while said := house.recv(65536):
                if self.cut == "after" and is_form[0]:
                    self.arrived += 1
                    break
                phone.sendall(said)
            phone.shutdown(socket.SHUT_RDWR)
