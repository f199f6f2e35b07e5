"""What is wrong with an installation, and what would be right: one small look for each thing, one line for each."""
