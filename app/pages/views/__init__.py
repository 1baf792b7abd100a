"""The views of the page, one module for each subject; a new one is registered here."""

from .definitions import definitions
from .incidents import incidents
from .instances import instances
from .migration import migration
from .modification import modification
from .overview import overview
from .starts import starts
from .tasks import tasks

VIEWS = (overview, definitions, starts, migration, instances, modification, incidents, tasks)
