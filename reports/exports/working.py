"""Prepare one file in the background, from its key alone."""

import logging
import traceback
from functools import partial
from tempfile import TemporaryFile

from common.errors import DomainError
from people.services import prepared_files
from people.services.prepared_files import A_MISTAKE, NoLongerWanted
from reports.exports.making import make

log = logging.getLogger(__name__)


def work(file_id: int) -> None:
    """Make what was asked for and keep it sealed; a second worker on the same file does nothing.

    What goes wrong is said to the person; the log names the kind of error and where it arose, never its
    words, which may quote a row.
    """
    file = prepared_files.begin(file_id)
    if file is None:
        return
    try:
        with TemporaryFile() as content:
            found = make(file, content, partial(prepared_files.report, file))
            content.seek(0)
            prepared_files.finish(file, content, found)
    except NoLongerWanted:
        return
    except DomainError as error:
        prepared_files.give_up(file.pk, str(error))
    except Exception as error:  # whatever it is, nobody is left waiting
        last = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s was not made: %s at %s:%s", file, type(error).__name__, last.filename, last.lineno)
        prepared_files.give_up(file.pk, A_MISTAKE)
