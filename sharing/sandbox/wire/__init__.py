"""The wire: requests and answers on the socket, and what both are made of."""
