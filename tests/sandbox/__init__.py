"""The sandbox over real sockets: it refuses what the platforms refuse, and plays every fault it names."""
