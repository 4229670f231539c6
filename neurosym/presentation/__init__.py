"""What people look at: texts, decisions, votes, and solutions in notebooks."""
