"""The views of the page, one module for each subject; a new one is registered here."""

from .batches import batches
from .decisions import decisions
from .definitions import definitions
from .deployments import deployments
from .identities import identities
from .incidents import incidents
from .instances import instances
from .jobs import jobs
from .migration import migration
from .modification import modification
from .overview import overview
from .rights import rights
from .server import server
from .starts import starts
from .tasks import tasks

VIEWS = (
    overview,
    definitions,
    starts,
    migration,
    instances,
    modification,
    incidents,
    tasks,
    decisions,
    deployments,
    batches,
    jobs,
    identities,
    rights,
    server,
)
