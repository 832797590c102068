"""The demo: a telesales CRM of our own invention, six rules, a simulator and the replay of real bank calls.

Knows every room below the command line; no room but the command line knows it.
"""
