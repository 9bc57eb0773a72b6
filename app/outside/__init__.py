"""The network and the disk: whatever is read from or written to outside the process and is not the database."""
