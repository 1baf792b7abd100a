"""The navigation: what there is to look at, in the order of the menu."""

SECTIONS = (  # name, label, path below the base
    ("overview", "Overview", "/"),
    ("processes", "Processes", "/process-definition"),
    ("instances", "Instances", "/process-instance"),
    ("incidents", "Incidents", "/incident"),
    ("tasks", "User tasks", "/task"),
    ("messages", "Messages", "/message"),
    ("decisions", "Decisions", "/decision-definition"),
    ("deployments", "Deployments", "/deployment"),
    ("batches", "Batches", "/batch"),
    ("jobs", "Jobs", "/job"),
    ("identities", "Users and rights", "/user"),
    ("server", "Server", "/server"),
)
