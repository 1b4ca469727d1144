"""How the panel's forms write a moment, language by language, where Django's own way is not ours."""
