//! What the process does to itself at start so that others cannot read it.
