"""SELECTs that two places need; they find a person's own, and never write."""
