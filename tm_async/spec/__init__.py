"""The vendor's facts: the documented operations, the shapes of what they take and answer, the error codes.

Facts are data, so that client and emulator may share them without sharing an opinion on them.
"""
