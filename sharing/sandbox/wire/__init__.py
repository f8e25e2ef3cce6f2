"""Requests and answers: their types, and how they are read from and written to sockets."""
