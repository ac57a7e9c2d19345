"""What people can read about money and benefits: texts and figures, each with source and two people."""
