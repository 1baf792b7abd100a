"""Evaluations of decisions over HTTP, and what the history has of them."""

KEY = "/decision-definition/key"


def evaluate(server, key="tier", path="evaluate", **variables):
    body = {"variables": {name: {"value": value} for name, value in variables.items()}}
    return server.call("POST", f"{KEY}/{key}/{path}", body)


def decided(server, query=""):
    return server.call("GET", f"/history/decision-instance{query}")[1]
