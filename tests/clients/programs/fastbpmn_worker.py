"""Serves a topic with fastbpmn's worker, until it has done one task."""

import json
import os
import signal
import sys

import pylibmagic  # noqa: F401, finds the library that fastbpmn imports
import squirrel
from fastbpmn import FastBPMN
from fastbpmn.models import BaseInputModel, BaseOutputModel

url, name = sys.argv[1:]  # of the topic and of the worker
app = FastBPMN(name=name)


class Order(BaseInputModel):
    """The variables that the task needs."""

    text: str
    number: int


class Result(BaseOutputModel):
    """The variables that the task sets."""

    answer: int


@app.external_task(topic=name, input_class=Order, output_class=Result)
async def work(order: Order):
    """Say what has come, and let the worker end when this task is done."""
    print("READ " + json.dumps(order.model_dump()))
    os.kill(os.getpid(), signal.SIGTERM)
    return Result(answer=order.number)


squirrel.run(app, flavour="camunda7", name=name, workers=1, camunda_url=url)
