"""Many operations at once: chosen, shown what would change, agreed to by a second person, done."""
