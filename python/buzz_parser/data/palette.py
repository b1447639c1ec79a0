"""The colours of pages, light and dark: they differ in lightness too, and a type's name stands beside them."""

PALETTE = """
:root { --ink: #1c1917; --paper: #fafaf9; --card: #fff; --line: #e7e5e4; --dim: #6b645f;
  --value: #1d4ed8; --THOUGHT: #ede9fe; --TOOLCALL: #bbf7d0; --TEXT: #dbeafe; --TOOLRESPONSE: #fef3c7;
  --THOUGHT-ink: #5b21b6; --TOOLCALL-ink: #166534; --TEXT-ink: #1e40af; --TOOLRESPONSE-ink: #92400e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e5e4; --paper: #1c1917; --card: #292524;
  --line: #44403c; --dim: #a8a29e; --value: #60a5fa; --THOUGHT: #3b2a63; --TOOLCALL: #14432a;
  --TEXT: #1e3358; --TOOLRESPONSE: #4d3a10; --THOUGHT-ink: #c4b5fd; --TOOLCALL-ink: #86efac;
  --TEXT-ink: #93c5fd; --TOOLRESPONSE-ink: #fcd34d; } }
"""
"""CSS variables; `--TYPE` is a type's ground and `--TYPE-ink` the letters on it."""
