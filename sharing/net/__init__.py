"""Ways out over HTTP: one total deadline, nothing leaked, nobody reached who should not be."""
