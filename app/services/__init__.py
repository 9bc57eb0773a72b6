"""Changing. Each service: load, require, compare version, ask the domain, set, journal. None commits or knows HTTP.

A change that does not go through `journal.record` cannot happen: the tests compare every table with the journal.
"""
