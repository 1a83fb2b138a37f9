"""Uploads that stop at the limit: nobody fills the disk, and the page still gets an answer that says why."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

if TYPE_CHECKING:
    _UploadedFile = UploadedFile[bytes]
else:
    _UploadedFile = UploadedFile


class OversizedUpload(_UploadedFile):
    """A file over the limit: its name and size, without its content."""

    def __init__(self, name: str | None, content_type: str | None, size: int) -> None:
        super().__init__(file=io.BytesIO(), name=name, content_type=content_type, size=size)


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Writes to a temporary file up to ``ATTACHMENT_MAX_BYTES``; beyond it the rest is read and dropped.

    Reading on is what lets the browser see the answer: a server that closes in the middle of a request
    shows as a broken connection. How much may be sent at all is for the reverse proxy to say.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep the chunk, unless the file has grown over the limit."""
        if start + len(raw_data) > settings.ATTACHMENT_MAX_BYTES:
            self.file.close()  # removes the temporary file
            return None
        result: bytes | None = super().receive_data_chunk(raw_data, start)
        return result

    def file_complete(self, file_size: int) -> Any:
        """The uploaded file, or what is known of one that is too large."""
        if file_size > settings.ATTACHMENT_MAX_BYTES:
            self.file.close()
            return OversizedUpload(self.file_name, self.content_type, file_size)
        return super().file_complete(file_size)
