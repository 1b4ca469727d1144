"""How the panel's forms write a moment by language, where Django's own way is not ours."""
