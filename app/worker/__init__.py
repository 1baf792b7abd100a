"""A worker for external tasks in ten lines; it needs nothing but Python.

worker = Worker("http://127.0.0.1:8080/engine-rest")

@worker.topic("charge")
def charge(amount: int, currency: str = "EUR") -> dict[str, object]:
    return {"receipt": f"{amount} {currency}"}

worker.run()
"""

from .outcomes import BpmnError, Failure, Result
from .task import Task
from .values import File, Typed
from .worker import Worker

__all__ = ["BpmnError", "Failure", "File", "Result", "Task", "Typed", "Worker"]
