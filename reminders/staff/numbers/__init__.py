"""The numbers: what went out, what came back and how soon staff acted, by week and by month."""
