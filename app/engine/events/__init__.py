"""What happens to executions: messages, signals, conditions, errors, compensation, timers."""
