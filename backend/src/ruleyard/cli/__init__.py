"""The command line: one file per subcommand. `up` and the processes it runs; clients of a running instance.

Knows every room; nothing imports it.
"""
