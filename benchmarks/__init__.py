"""How fast it is, measured beside the least that a Flask page can do; and what survives a kill."""
