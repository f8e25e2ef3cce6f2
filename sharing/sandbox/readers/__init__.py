"""What readers see of a post, and a simulated reader."""
