"""Formats of messages in a sentence each: what a teacher who writes one is told about its shape."""

SKETCHES: tuple[tuple[str, str], ...] = (
    ("xml-json", "each call is a JSON object with name and arguments inside <tool_call> tags, on lines of "
     "their own; reasoning stands in <think> tags"),
    ("xml-json-close-only", "the reasoning has no opening tag (it was in the prompt) and ends with </think>; "
     "then prose; then each call as JSON inside <tool_call> tags"),
    ("xml-parameters", "a call is <tool_call> around <function=NAME> with one <parameter=KEY> block an argument, "
     "values on lines of their own"),
    ("xml-namespaced", "calls stand in a block <ns:function_calls> with one <ns:invoke name=\"…\"> a call and "
     "<ns:parameter name=\"…\"> children; invent the namespace; the block is one part"),
    ("xml-own-tags", "the call's tag is the tool's own name, one child tag an argument, as in <read_file>"
     "<path>…</path></read_file>; reasoning in <thinking> tags"),
    ("xml-attributes", "a call is one self-closing tag whose attributes are its arguments"),
    ("react", "lines labelled Thought:, Action:, Action Input: (JSON) and Observation:, ended by Final Answer:"),
    ("react-no-thought", "lines labelled Action:, Action Input: and Observation:, with unlabelled prose for the "
     "user before the first action"),
    ("react-numbered", "lines labelled Thought 1:, Action 1: Tool[query], Observation 1:, and so on, ended by "
     "Action N: Finish[answer]"),
    ("react-translated", "the labels of ReAct (thought, action, input, observation, answer) written in the "
     "message's own language"),
    ("react-fence", "Thought: in prose, then Action: with a fenced JSON object with action and action_input"),
    ("headings", "Markdown headings such as ### Thought, ### Action, ### Result, ### Answer; the heading belongs "
     "to its part"),
    ("bold-labels", "bold labels such as **Reasoning:**, **Tool call:**, **Output:**, **Answer:**"),
    ("brackets", "square-bracket tags such as [THINK]…[/THINK] and [CALL]…[/CALL]; invent the words"),
    ("section-token", "a token such as [TOOL_CALLS] before a JSON list of all calls: one part"),
    ("special-tokens", "special tokens with bars or unusual brackets open and close each call and the section "
     "around all calls (then the section is one part); invent the tokens"),
    ("channels", "channel headers in the manner of <|channel|>analysis<|message|>… for thoughts and "
     "<|channel|>commentary to=functions.NAME <|message|>{…}<|call|> for calls; <|start|>assistant and <|end|> "
     "are O"),
    ("chatml-whole", "a whole transcript with turn markers such as <|im_start|>ROLE and <|im_end|>, which are O, "
     "several turns of assistant and tool"),
    ("roles-text", "a whole transcript with USER:, ASSISTANT: and TOOL: at the start of lines, which are O"),
    ("bare-json", "the call is a bare JSON object with name and arguments (or tool and args), with no envelope"),
    ("bare-json-list", "several calls in one bare JSON list, which is one part"),
    ("bare-python", "calls are bare Python calls, one a line, with no fence; adjacent ones are one part"),
    ("python-list", "a Python list of calls in one line, such as [f(a=1), g(b=\"x\")], which is one part"),
    ("fence-json", "each call is a JSON object in a ```json fence, with prose before and after it"),
    ("fence-tool", "each call stands in a fence with the info string tool_code or tool_call, its result in a "
     "fence with tool_output"),
    ("fence-plain", "each call stands in a fence without a language"),
    ("code-agent", "the agent acts by code: Thoughts: in prose, then a fenced Python program that is executed "
     "(TOOLCALL), then its printed output"),
    ("code-tags", "code to execute stands in <code>, <execute> or <run> tags; invent the tag"),
    ("shell", "a discussion of one sentence, then one shell command in a fence that is executed; the prose before "
     "it is the agent's THOUGHT where a label such as DISCUSSION says so, else TEXT"),
    ("shell-session", "a terminal log: prompt signs with commands (TOOLCALL), their output (TOOLRESPONSE), remarks "
     "to the user between"),
    ("search-replace", "edits as SEARCH/REPLACE blocks, each with its path on the line before it, and prose around"),
    ("patch", "an edit as a patch between *** Begin Patch and *** End Patch"),
    ("diff", "an edit as a unified diff in a fence, which the format applies"),
    ("json-whole", "the whole message is one JSON object with keys for the thought, the call or the answer; the "
     "braces and commas between the keys are O"),
    ("yaml-whole", "the whole message is YAML with keys for the thought, the action and its arguments"),
    ("inline", "calls stand inside sentences, with their result after an arrow: [Tool(\"…\") → result]"),
    ("sql", "the agent acts by SQL statements in a fence that the format executes, results as text tables"),
    ("log", "a log of an agent's run with time stamps and level names on each line (O), in which thoughts, calls and "
     "results stand one after the other"),
    ("box", "a terminal interface's transcript with bullets and box-drawing characters: ⏺ before calls, ⎿ before "
     "results"),
    ("details", "reasoning in a Markdown quote or a <details> block, calls in fences, the answer below"),
    ("comment-thought", "thoughts are comments inside executed code, so the whole block is one TOOLCALL"),
    ("lisp", "calls are S-expressions such as (search :query \"…\" :limit 5)"),
    ("key-value", "a call is a line with the tool's name and key=value pairs; invent how it starts"),
    ("unmarked-thought", "no markers at all: deliberation addressed to oneself, then a bare call"),
    ("only-text", "no format: prose for the user, Markdown as models write it"),
    ("only-call", "a lone call in some envelope, nothing else"),
    ("only-result", "a lone tool result in some envelope, nothing else"),
    ("documentation", "an answer that explains a tool-calling format and quotes calls, schemas and results in "
     "fences: all of it is TEXT"),
    ("invented", "a format that nobody has used yet: invent its markers, envelopes and argument syntax, and keep "
     "to it"),
)  # fmt: skip
"""Name and description; the name goes into the record, so that a split can hold it out."""
