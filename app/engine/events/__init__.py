"""The events of executions: messages, signals, conditions, errors, compensation, timers."""
