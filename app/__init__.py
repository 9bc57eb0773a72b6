"""Wind-power commissioning tracker: how many MW really count, what holds back the rest, and why.

The package is built in floors; each imports only from the floors below it (`pyproject.toml` holds the
contract, `README.md` draws the staircase).
"""
