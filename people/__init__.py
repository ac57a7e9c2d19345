"""Persons, logins, organisations, projects and the roles people hold in them."""
