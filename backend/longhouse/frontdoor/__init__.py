"""The server's entry: built pages, files and uploads at once; the rest runs Django."""
