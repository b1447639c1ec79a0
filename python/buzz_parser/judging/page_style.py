"""The page's style sheet."""

from buzz_parser.data.palette import PALETTE

STYLE = (
    PALETTE
    + """
:root { --theirs: #a8a29e; --good: #15803d; --bad: #be123c; }
@media (prefers-color-scheme: dark) { :root { --theirs: #78716c; --good: #4ade80; --bad: #fb7185; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
header, main { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
h1 { font-size: 26px; margin: 0 0 6px; }
h2 { font-size: 20px; margin: 40px 0 4px; padding-top: 12px; border-top: 2px solid var(--line);
  overflow-wrap: anywhere; }
h3 { font-size: 17px; margin: 32px 0 8px; }
h4 { font-size: 14px; margin: 0 0 8px; overflow-wrap: anywhere; }
small, .dim, .note { color: var(--dim); font-weight: normal; }
small { font-size: 12px; }
.note { margin: 0 0 14px; }
nav a { color: var(--value); margin-right: 16px; }
.legend { color: var(--dim); font-size: 13px; }
.legend .mark { display: inline-block; margin-right: 8px; padding: 2px 8px; font-size: 12px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; background: var(--card); border: 1px solid var(--line);
  font-size: 13px; }
th, td { padding: 4px 10px; border-bottom: 1px solid var(--line); text-align: left;
  white-space: nowrap; }
th { font-weight: 600; }
.main th, .main td { padding: 4px 8px; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.ahead { color: var(--good); font-weight: 600; }
.behind { color: var(--bad); font-weight: 600; }
svg.bar { display: block; border-radius: 2px; }
svg .back { fill: var(--line); }
svg.ours .value { fill: var(--value); }
svg.theirs .value { fill: var(--theirs); }
svg line { stroke: var(--ink); stroke-width: 2; }
.pair { display: flex; flex-wrap: wrap; gap: 24px; margin: 20px 0; }
figure { margin: 0; min-width: 0; }
figcaption { color: var(--dim); font-size: 13px; margin-bottom: 6px; }
details { margin: 14px 0; }
summary { cursor: pointer; font-weight: 600; margin-bottom: 6px; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  padding: 12px 14px; margin: 14px 0; }
.reading { display: grid; grid-template-columns: 56px minmax(0, 1fr); margin-top: 6px; }
.who { color: var(--dim); font-size: 12px; padding-top: 6px; }
pre { margin: 0; padding: 6px 8px; background: var(--paper); border: 1px solid var(--line);
  border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 340px; overflow-y: auto;
  font: 12px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.mark { border-radius: 3px; padding: 1px 2px; box-decoration-break: clone;
  -webkit-box-decoration-break: clone; }
.mark i { font-style: normal; font-size: 9px; font-weight: 700; letter-spacing: 0.04em; opacity: 0.75;
  margin-right: 4px; user-select: none; }
.THOUGHT { background: var(--THOUGHT); color: var(--THOUGHT-ink); }
.TOOLCALL { background: var(--TOOLCALL); color: var(--TOOLCALL-ink); }
.TEXT { background: var(--TEXT); color: var(--TEXT-ink); }
.TOOLRESPONSE { background: var(--TOOLRESPONSE); color: var(--TOOLRESPONSE-ink); }
.off { text-decoration: underline 2px var(--bad); text-underline-offset: 3px; }
.O { color: var(--dim); }
.mark.O { border: 1px dashed var(--line); }
"""
)
