"""Money, dates, text, workflow and encryption: rules without a database."""
