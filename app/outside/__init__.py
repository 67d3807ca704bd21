"""What is not ours, one file a thing, each behind one function."""
