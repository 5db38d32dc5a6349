"""A listener on port 22 that greets as an SSH server does: what an administrator tries to reach.

It needs nothing of the agent, and holds no connection.
"""

import socket

door = socket.socket()
door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
door.bind(("0.0.0.0", 22))
door.listen(64)
print("open", flush=True)
while True:
    visitor, _ = door.accept()
    try:
        visitor.sendall(b"SSH-2.0-door\r\n")
    except OSError:
        pass
    visitor.close()
