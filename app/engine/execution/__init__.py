"""The run of a transaction: executions, their tree, variables and mappings."""
