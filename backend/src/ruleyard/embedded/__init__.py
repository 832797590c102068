"""PostgreSQL and Valkey from Python wheels, for `ruleyard up` and for tests. Production uses your own.

Knows processes, folders and ports; must not know rules, runs or our tables.
"""

from ruleyard.embedded.postgres import PostgresServer
from ruleyard.embedded.valkey import ValkeyServer

__all__ = ["PostgresServer", "ValkeyServer"]
