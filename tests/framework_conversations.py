"""The catalogue's conversation as items, and how each framework writes it."""

from random import Random

from buzz_parser.data.assembly import assemble
from buzz_parser.data.dialects.frameworks import FRAMEWORKS
from buzz_parser.data.dialects.model import Call, Item, Slots
from buzz_parser.data.dialects.render import render
from buzz_parser.data.guideline import violations
from buzz_parser.data.records import Span

BY_NAME = {dialect.name: dialect for dialect in FRAMEWORKS}

SLOTS = Slots(name="read_file", id="x7Kq2Lm9a", call="read_file(path='notes.txt', n=3)")
READ = Call(kind="function", name="read_file", arguments={"path": "notes.txt", "n": 3}, slots=SLOTS)
SEARCH_REPLACE = "<<<<<<< SEARCH\nmilk\n=======\nmilk, eggs\n>>>>>>> REPLACE"
EDIT = Call(
    kind="edit",
    name="edit_file",
    arguments={"path": "notes.py", "diff": SEARCH_REPLACE},
    argument="notes.py",
    body=SEARCH_REPLACE,
    slots=Slots(name="edit_file", id="e1", arg="notes.py"),
)
SHELL = Call(
    kind="shell",
    name="bash",
    arguments={"command": "cat notes.txt"},
    body="cat notes.txt",
    slots=Slots(name="bash", id="s1", call="cat notes.txt"),
)
CODE = Call(
    kind="code",
    name="python",
    arguments={"code": 'print(open("notes.txt").read())'},
    argument="python",
    body='print(open("notes.txt").read())',
    slots=Slots(name="python", id="p1", arg="python"),
)

MARKS = {"THOUGHT": "TH", "TOOLCALL": "TC", "TEXT": "TX", "TOOLRESPONSE": "TR"}


def calling(*calls: Call) -> Item:
    return Item(kind="calls", calls=calls, slots=calls[-1].slots)


THINK = Item(kind="thought", body="Need the notes.", slots=Slots(k=1))
SAY = Item(kind="text", body="Let me look.", slots=Slots(k=1))
RESULT = Item(kind="response", body="milk, eggs", slots=SLOTS)
GOT = Item(kind="thought", body="Got it.", slots=Slots(k=2))
ANSWER = Item(kind="text", body="Two items.", slots=Slots(k=2))

WHOLE = (THINK, SAY, calling(READ), RESULT, GOT, ANSWER)


def marked(text: str, spans: tuple[Span, ...]) -> str:
    """The text with each segment as `⟦TH⟨…⟩⟧`."""
    parts, end = [], 0
    for span in spans:
        parts += [text[end : span.start], f"⟦{MARKS[span.label]}⟨{text[span.start : span.end]}⟩⟧"]
        end = span.end
    return "".join([*parts, text[end:]])


def shown(name: str, items: tuple[Item, ...], seed: int = 0) -> str:
    text, spans = assemble(render(items, BY_NAME[name], Random(seed)))
    assert violations(text, spans) == []
    return marked(text, spans)


EXPECTED = {
    "F077-react": """\
⟦TH⟨Thought 1: Need the notes.⟩⟧
⟦TC⟨Action 1: read_file[notes.txt, 3]⟩⟧
⟦TR⟨Observation 1: milk, eggs⟩⟧
⟦TH⟨Thought 2: Got it.⟩⟧
⟦TC⟨Action 2: Finish[Two items.]⟩⟧""",
    "F078-mrkl": """\
⟦TH⟨Thought: Need the notes.⟩⟧
⟦TC⟨Action: read_file
Action Input: {"path": "notes.txt", "n": 3}⟩⟧
⟦TR⟨Observation: milk, eggs⟩⟧
⟦TH⟨Thought: Got it.⟩⟧
⟦TX⟨Final Answer: Two items.⟩⟧""",
    "F079-structured-chat": """\
⟦TH⟨Thought: Need the notes.⟩⟧
⟦TC⟨Action:
```
{
  "action": "read_file",
  "action_input": {"path": "notes.txt", "n": 3}
}
```⟩⟧
⟦TR⟨Observation: milk, eggs⟩⟧
⟦TH⟨Thought: Got it.⟩⟧
⟦TC⟨Action:
```
{
  "action": "Final Answer",
  "action_input": "Two items."
}
```⟩⟧""",
    "F080-conversational-chat": """\
⟦TX⟨Let me look.⟩⟧

⟦TC⟨```json
{
    "action": "read_file",
    "action_input": {"path": "notes.txt", "n": 3}
}
```⟩⟧
⟦TR⟨TOOL RESPONSE:
---------------------
milk, eggs⟩⟧

⟦TC⟨```json
{
    "action": "Final Answer",
    "action_input": "Two items."
}
```⟩⟧""",
    "F081-xml-agent": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨<tool>read_file</tool><tool_input>{"path": "notes.txt", "n": 3}</tool_input>⟩⟧
⟦TR⟨<observation>milk, eggs</observation>⟩⟧
⟦TX⟨<final_answer>Two items.</final_answer>⟩⟧""",
    "F082-self-ask": """\
⟦TH⟨Are follow up questions needed here: Yes. Need the notes.⟩⟧
⟦TC⟨Follow up: notes.txt⟩⟧
⟦TR⟨Intermediate answer: milk, eggs⟩⟧
⟦TH⟨Are follow up questions needed here: Yes. Got it.⟩⟧
⟦TX⟨So the final answer is: Two items.⟩⟧""",
    "F085-smolagents-code": """\
⟦TH⟨Thought: Need the notes.⟩⟧
⟦TC⟨<code>
result = read_file(path="notes.txt", n=3)
print(result)
</code>⟩⟧
⟦TR⟨Observation:
milk, eggs⟩⟧
⟦TH⟨Thought: Got it.⟩⟧
⟦TC⟨<code>
final_answer("Two items.")
</code>⟩⟧""",
    "F087-codeact": """\
⟦TH⟨<thought> Need the notes. </thought>⟩⟧
⟦TX⟨Let me look.⟩⟧
⟦TC⟨<execute> print(read_file(path="notes.txt", n=3)) </execute>⟩⟧
⟦TR⟨Observation:
milk, eggs⟩⟧
⟦TH⟨<thought> Got it. </thought>⟩⟧
⟦TX⟨The answer is <solution> Two items. </solution>⟩⟧""",
    "F088b-openhands-cut-closer": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨<execute_ipython>
read_file(path="notes.txt", n=3)
</execute_ipython⟩⟧

USER: ⟦TR⟨OBSERVATION:
milk, eggs⟩⟧

ASSISTANT: ⟦TX⟨Two items.⟩⟧""",
    "F089-openhands-function": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨<function=read_file>
<parameter=path>notes.txt</parameter>
<parameter=n>3</parameter>
</function>⟩⟧

USER: ⟦TR⟨EXECUTION RESULT of [read_file]:
milk, eggs⟩⟧

ASSISTANT: ⟦TX⟨Two items.⟩⟧""",
    "F093b-cline-progress": """\
⟦TH⟨<thinking>Need the notes.</thinking>⟩⟧

⟦TX⟨Let me look.⟩⟧

⟦TC⟨<read_file>
<path>notes.txt</path>
<n>3</n>
<task_progress>
- [ ] read file
</task_progress>
</read_file>⟩⟧<|im_end|>
<|im_start|>user
⟦TR⟨[read_file for 'notes.txt'] Result:

milk, eggs⟩⟧<|im_end|>
<|im_start|>assistant
⟦TH⟨<thinking>Got it.</thinking>⟩⟧

⟦TX⟨Two items.⟩⟧""",
    "F099-search-r1": """\
⟦TH⟨<think>Need the notes.</think>⟩⟧
⟦TX⟨Let me look.⟩⟧

⟦TC⟨<search> notes.txt </search>⟩⟧

⟦TR⟨<information>milk, eggs</information>⟩⟧

⟦TH⟨<think>Got it.</think>⟩⟧
⟦TX⟨<answer> Two items. </answer>⟩⟧""",
    "F100-claude-legacy": """\
⟦TH⟨<scratchpad>
Need the notes.
</scratchpad>⟩⟧
⟦TX⟨Let me look.⟩⟧
⟦TC⟨<function_calls>
<invoke>
<tool_name>read_file</tool_name>
<parameters>
<path>notes.txt</path>
<n>3</n>
</parameters>
</invoke>
</function_calls>⟩⟧
⟦TR⟨<function_results>
<result>
<tool_name>read_file</tool_name>
<stdout>
milk, eggs
</stdout>
</result>
</function_results>⟩⟧
⟦TH⟨<scratchpad>
Got it.
</scratchpad>⟩⟧
⟦TX⟨Two items.⟩⟧""",
    "F102-continue": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨```tool
TOOL_NAME: read_file
BEGIN_ARG: path
notes.txt
END_ARG
BEGIN_ARG: n
3
END_ARG
```⟩⟧<|im_end|>
<|im_start|>user
⟦TR⟨milk, eggs⟩⟧<|im_end|>
<|im_start|>assistant
⟦TX⟨Two items.⟩⟧""",
    "F104-tool-code": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨```tool_code
print(default_api.read_file(path="notes.txt", n=3))
```⟩⟧
⟦TR⟨```tool_output
milk, eggs
```⟩⟧
⟦TX⟨Two items.⟩⟧""",
    "F106-qwen-agent-flowers": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨✿FUNCTION✿: read_file
✿ARGS✿: {"path": "notes.txt", "n": 3}⟩⟧
⟦TR⟨✿RESULT✿: milk, eggs⟩⟧
⟦TX⟨✿RETURN✿: Two items.⟩⟧""",
    "F109-rewoo": """\
⟦TH⟨Plan: Need the notes.⟩⟧
⟦TC⟨#E1 = read_file[notes.txt, 3]⟩⟧""",
    "F112-parallel-wrapper": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨{"tool_uses": [{"recipient_name": "functions.read_file", "parameters": \
{"path": "notes.txt", "n": 3}}]}⟩⟧<|im_end|>
<|im_start|>user
⟦TR⟨milk, eggs⟩⟧<|im_end|>
<|im_start|>assistant
⟦TX⟨Two items.⟩⟧""",
    "F115-mcp-json-rpc": """\
⟦TX⟨Let me look.⟩⟧
⟦TC⟨{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": \
{"name": "read_file", "arguments": {"path": "notes.txt", "n": 3}}}⟩⟧
⟦TR⟨{"jsonrpc": "2.0", "id": 1, "result": \
{"content": [{"type": "text", "text": "milk, eggs"}], "isError": false}}⟩⟧
⟦TX⟨Two items.⟩⟧""",
    "F118-autogen": f"""\
⟦TX⟨Let me look.⟩⟧

⟦TC⟨***** Suggested tool call (x7Kq2Lm9a): read_file *****
Arguments:
{{"path": "notes.txt", "n": 3}}
{"*" * 54}⟩⟧

{"-" * 80}
user (to assistant):

⟦TR⟨***** Response from calling tool (x7Kq2Lm9a) *****
milk, eggs
{"*" * 50}⟩⟧

{"-" * 80}
assistant (to user):

⟦TX⟨Two items.⟩⟧""",
    "F119-llamaindex": """\
⟦TX⟨Let me look.⟩⟧

⟦TC⟨=== Calling Function ===
Calling function: read_file with args: {"path": "notes.txt", "n": 3}⟩⟧
⟦TR⟨Got output: milk, eggs
========================⟩⟧

⟦TX⟨Two items.⟩⟧""",
    "F120-claude-code": """\
⟦TH⟨✻ Thinking…

  Need the notes.⟩⟧

⟦TX⟨⏺ Let me look.⟩⟧

⟦TC⟨⏺ ReadFile(notes.txt)⟩⟧
  ⟦TR⟨⎿  milk, eggs⟩⟧

⟦TH⟨✻ Thinking…

  Got it.⟩⟧

⟦TX⟨⏺ Two items.⟩⟧""",
    "F121-handlebars": """\
⟦TX⟨Let me look.⟩⟧

⟦TC⟨{{set "file" (Read-File path="notes.txt" n=3)}}⟩⟧

⟦TR⟨{{!-- milk, eggs --}}⟩⟧

⟦TX⟨Two items.⟩⟧""",
}
