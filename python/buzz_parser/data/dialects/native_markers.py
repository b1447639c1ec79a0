"""Turn markers and wraps that several families of models share."""

from buzz_parser.data.dialects.model import CallForm, Gaps, Turns, Wrap
from buzz_parser.data.dialects.payloads import fields_call, json_call

CHATML_USER = Turns(
    assistant=Wrap("<|im_start|>assistant\n", "<|im_end|>\n"),
    tool=Wrap("<|im_start|>user\n", "<|im_end|>\n"),
    shared=True,
)
"""Results of a round in one message of the user."""

CHATML_TOOL = Turns(
    assistant=Wrap("<|im_start|>assistant\n", "<|im_end|>\n"),
    tool=Wrap("<|im_start|>tool\n", "<|im_end|>\n"),
)

LLAMA3 = Turns(
    assistant=Wrap("<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>"),
    tool=Wrap("<|start_header_id|>ipython<|end_header_id|>\n\n", "<|eot_id|>"),
)
LLAMA3_TOOL = Turns(
    assistant=LLAMA3.assistant,
    tool=Wrap("<|start_header_id|>tool<|end_header_id|>\n\n", "<|eot_id|>"),
)
LLAMA4 = Turns(
    assistant=Wrap("<|header_start|>assistant<|header_end|>\n\n", "<|eot|>"),
    tool=Wrap("<|header_start|>ipython<|header_end|>\n\n", "<|eot|>"),
)
GRANITE = Turns(
    assistant=Wrap("<|start_of_role|>assistant<|end_of_role|>", "<|end_of_text|>\n"),
    tool=Wrap("<|start_of_role|>user<|end_of_role|>\n", "<|end_of_text|>\n"),
    shared=True,
)
GRANITE_TOOL = Turns(
    assistant=GRANITE.assistant,
    tool=Wrap("<|start_of_role|>tool_response<|end_of_role|>", "<|end_of_text|>\n"),
)

THINK = Wrap("<think>", "</think>")
THINK_LINES = Wrap("<think>\n", "\n</think>")
THINK_CLOSED = Wrap("", "</think>")
THINK_CLOSED_LINE = Wrap("", "\n</think>")
"""The opener stood in the prompt."""

TOOL_RESPONSE = Wrap("<tool_response>", "</tool_response>")
TOOL_RESPONSE_LINES = Wrap("<tool_response>\n", "\n</tool_response>")

JOINED = Gaps(default="")
"""Nothing between two pieces of one turn."""

PARTED_THOUGHT = Gaps(after_thought="\n\n")

HERMES = CallForm(payload=json_call(), wrap=Wrap("<tool_call>\n", "\n</tool_call>"))
"""`<tool_call>` around a JSON object, one per call."""

QWEN_CODER = CallForm(
    payload=fields_call(
        head="<function=%name%>",
        field="<parameter=%key%>\n%value%\n</parameter>",
        tail="</function>",
    ),
    wrap=Wrap("<tool_call>\n", "\n</tool_call>"),
)
"""`<tool_call>` around `<function=…>` with values on lines of their own."""
