"""Values to bytes or text and back; pure, at most one reader or writer library a file."""
