"""Payroll screens: whose time goes through it, the run for it, and what it has paid."""
