"""What is said and what is kept of it: messages, conversations, unread counts, search, signals, and the sessions that all of it reaches."""
