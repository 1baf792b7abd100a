"""Plans and migrations in the tests of this room."""

from app.engine.migration import migration, validation
from app.engine.migration.plan import Instruction, Plan
from app.engine.state import Execution
from tests.engine.commands import typed


def plan_of(source, target, *instructions):
    """A plan; an instruction is one id, two ids, or two and whether its trigger is updated."""
    made = []
    for instruction in instructions:
        ids = (instruction, instruction) if isinstance(instruction, str) else instruction
        made.append(Instruction(*ids))
    return Plan(source, target, made)


def failures(plan):
    """Why the instructions of a plan cannot be followed, by the id of the source."""
    return {r.instruction.source_id: r.failures for r in validation.validate(plan)}


def migrate(engine, instance, plan, **variables):
    """Let an instance go over by a plan that is valid."""
    assert failures(plan) == {}
    engine.command(
        lambda run, host: migration.migrate(
            run, host.load(Execution, instance), plan, typed(variables)
        )
    )
