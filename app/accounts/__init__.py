"""How people sign in and out, and choose their language."""
