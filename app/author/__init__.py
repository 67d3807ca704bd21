"""The workshop: writing, checking and publishing in the browser."""
