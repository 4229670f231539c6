"""What people look at: texts, tables, and solutions in notebooks."""
