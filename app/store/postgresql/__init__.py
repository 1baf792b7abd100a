"""The parts that only PostgreSQL needs: pipelined statements, binary values, bulk writing."""
