"""What can happen: verbs that take the session and objects, raise Refused, and never commit."""
