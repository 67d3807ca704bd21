"""How a course is written: pure text, no tables, no pages."""
