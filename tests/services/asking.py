"""An engine that asks for authorizations, and a user to whom a test grants them."""

from app.security.permissions import Resource
from app.services import authorizations, lists, process_instances, users
from app.services.migration import WantedPlan
from tests.models import flow, flows, process, task

D, P, B, DEP = (
    Resource.PROCESS_DEFINITION,
    Resource.PROCESS_INSTANCE,
    Resource.BATCH,
    Resource.DEPLOYMENT,
)
EVENTS = process(
    '<startEvent id="heard"><messageEventDefinition messageRef="go"/></startEvent>'
    '<startEvent id="beeped"><signalEventDefinition signalRef="beep"/></startEvent>'
    '<startEvent id="hot"><conditionalEventDefinition><condition '
    'xsi:type="tFormalExpression">${degrees &gt; 30}</condition></conditionalEventDefinition>'
    '</startEvent><startEvent id="s"/><serviceTask id="auto" camunda:asyncBefore="true" '
    'camunda:expression="${1}"/>'
    + task("work")
    + flows("s", "auto", "work")
    + flow("heard", "work")
    + flow("beeped", "work")
    + flow("hot", "work"),
    "events",
).replace(
    '<process id="events"',
    '<message id="go" name="go"/><signal id="beep" name="beep"/><process id="events"',
)
MESSAGE = {
    "business_key": None,
    "correlation_keys": {},
    "local_correlation_keys": {},
    "process_variables": {},
    "process_variables_local": {},
    "process_variables_to_triggered_scope": {},
    "process_instance_id": None,
    "tenant_id": None,
    "without_tenant_id": False,
    "all": False,
    "result_enabled": True,
    "variables_in_result_enabled": False,
}


class Case:
    """An engine that asks, kim who holds nothing, and an instance.

    Attributes:
        kim: the store as it acts for kim.
    """

    def __init__(self, engine):
        engine.deploy(EVENTS)
        users.create(engine.store, user_id="kim")
        self.engine, self.kim = engine, engine.store.acting_for("kim")
        self.definition = lists.definition(engine.store, "events", None)["id"]
        self.renew()

    def renew(self):
        """Begin with a new instance."""
        self.instance = self.engine.start("events")
        self.job = self.engine.one("job", process_instance_id=self.instance)
        self.ended = self.engine.start("events")
        process_instances.delete(self.engine.store, self.ended)

    def grant(self, *wanted):
        """Grant permissions, as (permission, resource, key); returns what takes them back."""
        together: dict = {}
        for name, resource, key in wanted:
            together.setdefault((resource, key), []).append(name)
        made = [
            authorizations.create(
                self.engine.store,
                type_=1,
                permissions=names,
                user_id="kim",
                group_id=None,
                resource_type=int(resource),
                resource_id=key,
            )["id"]
            for (resource, key), names in together.items()
        ]
        return lambda: [authorizations.delete(self.engine.store, one) for one in made]

    @property
    def plan(self):
        return WantedPlan(self.definition, self.definition, [])


def on_all(*names, resource=D):
    return [(name, resource, "*") for name in names]
