"""The least that the stack can do for a complete: parse the JSON body, answer 204."""

from flask import Flask, request

app = Flask(__name__)


@app.post("/<path:anything>")
def answer(anything):
    request.get_json()
    return "", 204
