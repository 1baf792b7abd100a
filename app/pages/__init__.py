"""The operator's page: views that are rendered here, over the services and rights of the API."""
