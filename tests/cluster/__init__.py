"""Work that is spread over a real Ray cluster of two nodes on this machine."""
