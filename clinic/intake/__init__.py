"""Records from elsewhere: tables read row by row, shown before they are kept, kept once."""
