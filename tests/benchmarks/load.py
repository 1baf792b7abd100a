"""A load over kept-alive connections: requests that were prepared, sent by two processes."""

import contextlib
import json
import multiprocessing
import socket
import statistics
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 8


def prepared(base_url, path, body, headers=None):
    """A POST as bytes."""
    url = urlsplit(base_url)
    data = json.dumps(body).encode()
    head = (
        f"POST {url.path}{path} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
    )
    head += "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
    return head.encode() + b"\r\n" + data


def _answer(sock, left):
    """Whether the next answer is a 2xx, and the bytes behind it."""
    while b"\r\n\r\n" not in left:
        left += sock.recv(65_536)
    head, _, left = left.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line[15:])
    while len(left) < length:
        left += sock.recv(65_536)
    return head[9:10] == b"2", left[length:]


def _send(address, requests, connections, out):
    """Send a share of the requests, each connection the next one that is left."""
    waiting, lock = iter(requests), threading.Lock()
    latencies, refused = [], []

    def run():
        with socket.create_connection(address) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            left = b""
            while True:
                with lock:
                    request = next(waiting, None)
                if request is None:
                    return
                started = time.perf_counter()
                sock.sendall(request)
                is_good, left = _answer(sock, left)
                latencies.append(time.perf_counter() - started)
                if not is_good:
                    refused.append(1)

    threads = [threading.Thread(target=run) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((latencies, len(refused)))


def drive(base_url, requests):
    """Send all requests; returns how many a second were answered, and the median latency.

    Raises:
        AssertionError: an answer is no 2xx.
    """
    url = urlsplit(base_url)
    spawn = multiprocessing.get_context("fork")
    out = spawn.Queue()
    share = CONNECTIONS // 2
    processes = [
        spawn.Process(target=_send, args=((url.hostname, url.port), requests[n::2], share, out))
        for n in range(2)
    ]
    started = time.perf_counter()
    for process in processes:
        process.start()
    found = [out.get() for _ in processes]
    for process in processes:
        process.join()
    seconds = time.perf_counter() - started
    latencies = [latency for some, _ in found for latency in some]
    assert not sum(refused for _, refused in found), "an answer was no 2xx"
    assert len(latencies) == len(requests)
    return len(requests) / seconds, statistics.median(latencies) * 1000


@contextlib.contextmanager
def listening(port, seconds=60):
    """Wait until somebody listens on a port."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    yield
