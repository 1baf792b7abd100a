"""A server that answers as was recorded from the reference engine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TASK = {  # an item of a fetch; the values of ids are made up
    "activityId": "charge",
    "activityInstanceId": "charge:ai",
    "errorMessage": None,
    "errorDetails": None,
    "executionId": "ex",
    "id": "t1",
    "lockExpirationTime": "2026-11-23T17:22:37.113+0000",
    "createTime": "2026-11-23T17:21:37.113+0000",
    "processDefinitionId": "p:1:d",
    "processDefinitionKey": "p",
    "processDefinitionVersionTag": None,
    "processInstanceId": "pi",
    "retries": None,
    "suspended": False,
    "workerId": "w",
    "topicName": "charge",
    "tenantId": None,
    "variables": {"amount": {"type": "Integer", "value": 5, "valueInfo": {}}},
    "priority": 0,
    "businessKey": "A-1",
    "extensionProperties": {},
}


def problem(status, message, type_="RestException", code=0):
    return status, {"type": type_, "message": message, "code": code}


GONE = problem(404, "External task with id t1 does not exist")
FOREIGN = problem(
    400,
    "External Task t1 cannot be completed by worker 'w'. It is locked by worker 'other'.",
)
UNRESUMABLE = problem(500, "Unknown property used in expression: ${x}.", "ProcessEngineException")


class Recorded:
    """Answers in the order that they were given; what is left over is answered 204.

    Args:
        answers: by the last part of the path, lists of ``(status, body)`` or ``(status, body,
            headers)``; a body of bytes is sent as it is, and ``None`` closes the connection without
            an answer.
    """

    def __init__(self, **answers):
        self.answers = {name: list(found) for name, found in answers.items()}
        self.requests = []
        self.lines = []  # the method and the path of each request
        recorded = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                data = self.rfile.read(length)
                is_json = self.headers.get("Content-Type") == "application/json"
                body = json.loads(data) if is_json else data or None
                recorded.lines.append((self.command, self.path))
                name = self.path.partition("?")[0].rpartition("/")[2]
                recorded.requests.append((name, body, dict(self.headers)))
                queue = recorded.answers.get(name, [])
                is_list = name == "fetchAndLock" or self.command == "GET"
                usual = (200, []) if is_list else (204, None)
                answer = queue.pop(0) if queue else usual
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                status, found, headers = (*answer, {})[:3]
                is_raw = isinstance(found, bytes)
                raw = found if is_raw else b"" if found is None else json.dumps(found).encode()
                self.send_response(status)
                if raw:
                    self.send_header("Content-Type", "application/json")
                for header, value in headers.items():
                    self.send_header(header, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # a client that hangs up is no news
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()
        self.base_url = f"http://127.0.0.1:{self.server.server_port}/engine-rest"

    def named(self, name):
        return [(body, headers) for found, body, headers in self.requests if found == name]

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
