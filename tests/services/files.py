"""Files of models and other resources, and the commands that deploy them."""

from app.services import deployments
from tests.models import flows, process, task


def model(key, activity="work"):
    return process(
        '<startEvent id="s"/>' + task(activity) + '<endEvent id="e"/>' + flows("s", activity, "e"),
        key,
    )


def file(name, text):
    return name, text.encode() if isinstance(text, str) else text


def deploy(engine, *files, **options):
    return engine.deploy(*files, **options)


def keys(view):
    """Key and version of what a deployment has made."""
    return sorted((d["key"], d["version"]) for d in view["definitions"] or ())


def redeploy(engine, deployment_id, ids=(), names=(), source=None):
    return deployments.redeploy(
        engine.store, deployment_id, source=source, resource_ids=ids, resource_names=names
    )
