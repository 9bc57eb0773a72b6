"""The rules of the field, pure: standard library only, no clock, no environment, no session.

Every date, number and word comes in as an argument, so that each rule is tested as a table of cases.
Capacity is an integer number of kW on this floor; MW exist only at the edges (`quantity`).
"""
