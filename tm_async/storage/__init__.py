"""What everything that is kept in a database has in common: ledgers, inboxes."""
