"""Settings, URLs and middleware: joins everything, holds no rules."""
