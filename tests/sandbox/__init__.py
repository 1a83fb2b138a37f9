"""A simulated 12345 hotline that works with a running portal over real HTTP, and the faults that both must bear."""
