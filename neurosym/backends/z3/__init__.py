"""Z3: decides theories in a process that can be killed."""
