"""Reports as attachments of a mail: those that the same run made, within what mail servers take."""

from __future__ import annotations

from typing import Final

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext
from ruleyard.actions.mail import Attachment
from ruleyard.actions.report.make import MEDIA_TYPES
from ruleyard.core.types import JSON

FILES: Final = 10
MOST_BYTES: Final = 15 * 1024 * 1024
"""Of all files of a mail: they grow by a third on the way, and most servers take 20 to 25 MB."""


def report_ids(value: JSON) -> tuple[int, ...]:
    """The reports that `attachments` came to: numbers, or lists of them. ActionFailed where one is none."""
    found: list[int] = []
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        if isinstance(one, list):
            found.extend(report_ids(one))
        elif isinstance(one, int) and not isinstance(one, bool):
            found.append(one)
        else:
            raise ActionFailed(
                "A report to attach is not there: the step that makes it was not come by."
                if one is None
                else "Only reports can be attached: take the output `report` of a step that makes one.",
                code="no-report",
            )
    if len(found) > FILES:
        raise ActionFailed(
            f"At most {FILES} files go with a mail, this one would have {len(found)}.",
            code="too-many-files",
            args={"most": FILES, "count": len(found)},
        )
    return tuple(dict.fromkeys(found))


async def attachments_of(ids: tuple[int, ...], context: ActionContext) -> list[Attachment]:
    """The files, in order. ActionFailed where they are more than a mail takes, or none of this run."""
    files: list[Attachment] = []
    size = 0
    for one in ids:
        found = await context.tools.report_file(one, context.run_id)
        size += len(found.content)
        if size > MOST_BYTES:
            most = MOST_BYTES // 1024 // 1024
            raise ActionFailed(
                f"The files of a mail have at most {most} MB together. Attach smaller reports, or send a link.",
                code="files-too-large",
                args={"most": most},
            )
        files.append(Attachment(found.file, MEDIA_TYPES[found.format], found.content))
    return files
