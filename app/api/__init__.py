"""HTTP: one blueprint per Camunda resource."""
