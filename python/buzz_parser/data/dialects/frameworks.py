"""The dialects of agent frameworks, prompted formats and logs, in the catalogue's sections C and D."""

from buzz_parser.data.dialects.framework_code import CODE
from buzz_parser.data.dialects.framework_editors import EDITORS
from buzz_parser.data.dialects.framework_edits import EDITS
from buzz_parser.data.dialects.framework_lines import LINES
from buzz_parser.data.dialects.framework_logs import LOGS
from buzz_parser.data.dialects.framework_xml import XML
from buzz_parser.data.dialects.model import Dialect
from buzz_parser.data.dialects.whole_api import API
from buzz_parser.data.dialects.whole_documents import DOCUMENTS
from buzz_parser.data.dialects.whole_objects import OBJECTS

FRAMEWORKS: tuple[Dialect, ...] = (
    *LINES,
    *CODE,
    *EDITS,
    *XML,
    *EDITORS,
    *LOGS,
    *OBJECTS,
    *API,
    *DOCUMENTS,
)
"""One preset or more for each entry of the catalogue from F077 on, then whole messages of other shapes."""
