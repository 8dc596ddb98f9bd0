"""Rules of documents of meetings."""

import re

from tm_async.core.validation import Rule

__all__ = ["DOCUMENT_URL"]

DOCUMENT_URL = Rule(
    name="document-url",
    holds=re.compile(r"https?://\S+\.(pptx?|pdf|docx?|xlsx?)\Z", re.IGNORECASE).match,
    message="must be an address that ends in .ppt, .pptx, .pdf, .doc, .docx, .xls or .xlsx",
    message_zh="应为以 .ppt、.pptx、.pdf、.doc、.docx、.xls 或 .xlsx 结尾的地址",
)
