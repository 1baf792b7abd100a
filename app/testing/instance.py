"""Assertions of a test on a process instance."""

from typing import Any

from app.ctl.calls import Server


class Instance:
    """A process instance, running or ended.

    The assertions answer True, so that ``assert order.waits_at("ship")`` reads well; when one does
    not hold it raises by itself, and says which way the instance has gone.
    """

    def __init__(self, server: Server, instance_id: str) -> None:
        self.id = instance_id
        self._server = server

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the instance, those of the history once it has ended."""
        # Of the runtime as long as it can be: a history level below `audit` has no variables.
        if self._history()["endTime"] is None:
            return self._server.variables(self.id)
        found = self._server.listed(
            "/history/variable-instance",
            processInstanceId=self.id,
            # The instance's own: variables of inner scopes are no results.
            executionIdIn=self.id,
            deserializeValues=False,
        )
        return self._server.plain({one["name"]: one for one in found})

    @property
    def path(self) -> list[str]:
        """The activities in the order in which they were entered; brackets where one waits."""
        found = self._server.listed(
            "/history/activity-instance",
            processInstanceId=self.id,
            sortBy="occurrence",
            sortOrder="asc",
        )
        return [a["activityId"] if a["endTime"] else f"[{a['activityId']}]" for a in found]

    def waits_at(self, *activity_ids: str) -> bool:
        """It waits at these activities, perhaps at others as well.

        Raises:
            AssertionError: it does not.
        """
        waiting = self._waiting()
        missing = [one for one in activity_ids if one not in waiting]
        where = f"it waits at {', '.join(sorted(waiting))}" if waiting else "it waits nowhere"
        assert not missing, f"It does not wait at {', '.join(missing)}: {where}.{self._way()}"
        return True

    def has_passed(self, *activity_ids: str) -> bool:
        """It has left these activities, in whatever order.

        Raises:
            AssertionError: it has not.
        """
        path = self.path
        missing = [one for one in activity_ids if one not in path]
        assert not missing, f"It has not passed {', '.join(missing)}.{self._way(path)}"
        return True

    def has_not_passed(self, *activity_ids: str) -> bool:
        """It has left none of these activities.

        Raises:
            AssertionError: it has.
        """
        path = self.path
        passed = [one for one in activity_ids if one in path]
        assert not passed, f"It has passed {', '.join(passed)}.{self._way(path)}"
        return True

    def is_ended(self) -> bool:
        """It has come to an end.

        Raises:
            AssertionError: it runs.
        """
        is_open = self._history()["endTime"] is None
        assert not is_open, f"It has not ended.{self._way()}"
        return True

    def has_variables(self, **expected: object) -> bool:
        """It has these variables with these values, perhaps others as well.

        Raises:
            AssertionError: one has another value, or is not there.
        """
        found = self.variables
        wrong = [
            f"{name} is {found[name]!r}, not {value!r}" if name in found else f"no {name}"
            for name, value in expected.items()
            if name not in found or found[name] != value
        ]
        assert not wrong, f"{'; '.join(wrong)}.{self._way()}"
        return True

    def _history(self) -> dict[str, Any]:
        found: dict[str, Any] = self._server.get(f"/history/process-instance/{self.id}")
        return found

    def _waiting(self) -> set[str]:
        # The tree of activities is there for running instances alone.
        if self._history()["endTime"] is not None:
            return set()
        tree = self._server.get(f"/process-instance/{self.id}/activity-instances")
        # The root alone means that no token stands anywhere: it is no place to wait at.
        return set(_leaves(tree)) - {tree["activityId"]}

    def _way(self, path: list[str] | None = None) -> str:
        """The end of a message: the way that the instance has gone, and what it has failed at."""
        way = " -> ".join(self.path if path is None else path) or "nowhere"
        incidents = self._server.listed("/incident", processInstanceId=self.id)
        failures = "".join(
            f"\nIncident at {one['activityId']}: {one['incidentMessage']}" for one in incidents
        )
        return f"\nIts path: {way}{failures}"


def _leaves(node: dict[str, Any]) -> list[str]:
    """The activities of a tree that have none inside, and what waits before or behind one."""
    below = node["childActivityInstances"]
    waiting = [transition["activityId"] for transition in node["childTransitionInstances"]]
    found = [leaf for child in below for leaf in _leaves(child)] + waiting
    return found or [node["activityId"]]
