"""Records as answers show them."""

from typing import Any

from app.engine.state import Execution


def instance_view(instance: Execution, *, is_ended: bool = False) -> dict[str, Any]:
    """A process instance as answers show it."""
    return {
        "id": instance.process_instance_id,
        "definition_id": instance.process_definition_id,
        "definition_key": instance.process_definition_key,
        "business_key": instance.business_key,
        "case_instance_id": instance.case_instance_id,
        "is_ended": is_ended,
        "is_suspended": instance.is_suspended,
        "tenant_id": instance.tenant_id,
    }
