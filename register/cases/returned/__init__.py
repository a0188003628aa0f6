"""Returned lists: taken in, matched, judged by the rules, planned, answered in the sender's own form."""
