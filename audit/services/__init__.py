"""Write to the trail, seal it, and run steps that happen once."""

from audit.services.recording import Told, record, record_all
from audit.services.sealing import seal
from audit.services.steps import step

__all__ = ["Told", "record", "record_all", "seal", "step"]
