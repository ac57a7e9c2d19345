"""The demonstration, played whole and checked by readers outside."""
