"""The conveyor measured as operators run it: real processes, beside what the machine itself can do.

    just bench pipeline [--part NAME …] [--json FILE] [--markdown]

Starts a PostgreSQL (commits reach the disk) and a Valkey of its own in a temporary folder. Knows the product's command
line and its tables; must not know how the conveyor works inside.
"""
