"""The image that is deployed together with a model, by its name.

Source: Camunda 7 ``AbstractDefinitionDeployer.getDiagramResourceForDefinition``.
"""

from collections.abc import Collection

MODEL_ENDINGS = (".bpmn20.xml", ".bpmn")
IMAGE_ENDINGS = ("png", "jpg", "gif", "svg")


def diagram_of(resource_name: str, key: str, names: Collection[str]) -> str | None:
    """The resource that shows a process: of its own, else of its file; None without one.

    Args:
        names: of all resources of the deployment.
    """
    base = next(
        (resource_name.removesuffix(e) for e in MODEL_ENDINGS if resource_name.endswith(e)),
        resource_name,
    )
    for ending in IMAGE_ENDINGS:
        for name in (f"{base}.{key}.{ending}", f"{base}.{ending}"):
            if name in names:
                return name
    return None
