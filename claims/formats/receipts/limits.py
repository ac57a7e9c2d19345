"""How large a receipt may be, and what the child process that opens it may use. Standard library only."""

import resource

CPU_SECONDS = 4
WALL_SECONDS = 5.0
MEMORY = 512 * 2**20  # bytes of address space
LARGEST_ANSWER = 16 * 2**20  # bytes that the parent reads

MOST_PIXELS = 50_000_000  # what today's telephones take
MOST_PAGES = 10
LONGEST_SIDE = 2000  # pixels that are kept: small print of a till receipt stays readable
LONGEST_PAGE_SIDE = 1754  # pixels of a PDF's page: A4 at 150 dots per inch


def apply() -> None:
    """Limit this process for good, before it reads a byte: time, memory, and no file may grow."""
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def close_the_doors() -> None:
    """Open nothing from now on: no file and no network, for a socket is a descriptor too.

    Called when everything is imported. Descriptors 0 to 2 stay: the pipes to the parent.
    """
    _limit(resource.RLIMIT_NOFILE, 3)


def _limit(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, value))
