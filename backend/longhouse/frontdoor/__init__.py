"""The server's entry: files and uploads are answered at once; the rest runs Django."""
