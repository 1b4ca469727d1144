"""Who is told of an alert: the clinic's ladder and its rota."""
