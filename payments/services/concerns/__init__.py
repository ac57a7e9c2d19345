"""What people worry about their money: one module for each kind, and one for the second person."""
