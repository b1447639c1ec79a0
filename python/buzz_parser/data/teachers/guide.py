"""The labelling guideline as teachers are told it, the same for those who write and those who mark up."""

RULES = """\
A message is the raw output of a language model, perhaps with the markers of its format, perhaps damaged. Every
part of it is one of:

THOUGHT       reasoning that is not for the user: marked (`Thought:`, `<think>…</think>`, an analysis channel, a
              JSON key "thought"), or unmarked deliberation addressed to oneself
TOOLCALL      an instruction for a machine to execute: a function call in any syntax, a shell or code block that
              the format executes, an edit block, a patch
TEXT          prose for the user, final answers included
TOOLRESPONSE  a tool's result, or what claims to be one
O             what is none of these: turn markers, separators, the braces of an outer JSON object

Rules:
1. Markers belong to the part that they open or close: `Thought:`, `<tool_call>` and `</tool_call>`, `Action:`
   with its `Action Input:`, `Observation:`, `Final Answer:`, a fence around a call. A closer without an opener
   belongs to the part before it.
2. Turn markers are O: role headers and end-of-turn tokens such as `<|im_start|>assistant`, `<|im_end|>`,
   `[/INST]`, `</s>`, `Assistant:`.
3. One outermost envelope is one part: three `<tool_call>` blocks are three TOOLCALLs, a JSON list of three calls
   is one. Bare calls without envelope that follow each other with only whitespace between are one.
4. Two THOUGHTs, or two TEXTs, with only whitespace between them are one part. TOOLCALLs and TOOLRESPONSEs never
   merge.
5. The form decides, not the name: a call of `final_answer` is a TOOLCALL, a `Final Answer:` line is TEXT.
6. A call inside a closed thought is THOUGHT. A thought that is never closed ends where a call envelope opens at
   the start of a line.
7. A quoted call is TEXT: documentation, an example, an illustration, repeated instructions. Tool schemas are
   TEXT.
8. A preamble is TEXT: "Let me look at the file." before a call speaks to the user.
9. One JSON object can hold several parts: in {"thoughts": {…}, "command": {…}} each key with its value is a
   part, the braces and commas between are O.
10. Inline calls: in [Count("milk, eggs") → 2] the part [Count("milk, eggs") is TOOLCALL and → 2] is TOOLRESPONSE.
11. A response is what looks like one: an `Observation:` that the model made up is TOOLRESPONSE.
12. Edits are TOOLCALLs: SEARCH/REPLACE blocks, `*** Begin Patch`.
13. Damage does not change the type: a call that is cut off is a TOOLCALL to the end of the message; a call whose
    opener is missing starts where its body starts.
14. Code is a TOOLCALL only where the format executes it. A fenced program in an answer is TEXT.
"""
"""What each label means and how doubtful cases are decided."""
