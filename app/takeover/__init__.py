"""A running installation of Camunda 7, brought over with everything that is under way."""
