"""What models say around a repeated call, and the format instructions that they repeat."""

SHOWN_AGAIN: tuple[tuple[str, str], ...] = (
    ("I have just run this for you:", "It takes a moment, then I'll go on."),
    ("For the record, this is the call I made above:", "Nothing else was sent."),
    ("The request that I sent a moment ago was:", "It was sent once, not twice."),
    ("This is what I called:", "The result will show whether it was right."),
    (
        "In case you want to check it, the call above reads:",
        "You don't have to do anything with it.",
    ),
    ("As you can see, I used these arguments:", "They come straight from your message."),
    ("Here is the same call once more, so that you can copy it:", "I won't run it a second time."),
    ("The call shown above, in a readable form:", "That is all I changed."),
    ("Diesen Aufruf habe ich eben abgeschickt:", "Er läuft kein zweites Mal."),
    ("Zur Nachvollziehbarkeit noch einmal der Aufruf von oben:", "Mehr wurde nicht gesendet."),
    ("Voici l'appel que je viens d'effectuer :", "Il n'a été envoyé qu'une fois."),
    ("Esta es la llamada que acabo de hacer:", "No se repite."),
    ("Questa è la chiamata che ho appena fatto:", "Non viene ripetuta."),
    ("Esta foi a chamada que acabei de fazer:", "Ela não será repetida."),
    ("これは先ほど実行した呼び出しです。", "もう一度は実行しません。"),
    ("上面刚才发出的调用是：", "不会再执行一次。"),
    ("Вот вызов, который я только что сделал:", "Второй раз он не выполняется."),
)
"""Before and after a call that is shown once more as text; each pair says that it is only shown."""

INSTRUCTIONS = (
    'Sorry, I didn\'t use the right format. I must first write "Thought:" with my reasoning, then "Action:" with '
    'one of the tools, then "Action Input:" with a JSON object, and close with "Final Answer:" once I know it.',
    'The format asks for "Thought:", "Action:", "Action Input:" and "Observation:", each on a line of its own, as '
    "often as needed. I'll keep to it from now on.",
    "I was asked to wrap every function call in <tool_call></tool_call> tags, with the name and the arguments as "
    "one JSON object between them. My last answer didn't do that, so I'll repeat it properly.",
    'To call a function I have to answer with a JSON object of the form {"name": function name, "parameters": '
    "dictionary of argument names and their values}, without variables. Let me correct that.",
    "Understood: reasoning goes inside <think> and </think>, the answer inside <answer> and </answer>, and a call "
    "between them only when it is really needed.",
    "You are right that I shouldn't mention <invoke> in a normal answer. Calls belong in a <function_calls> block, "
    "with one <invoke> for each tool and one <parameter> for each argument.",
    'My instructions say: "If you choose to call a function, ONLY reply in the following format: '
    "<function=example_name>{parameters}</function>. Required parameters MUST be specified.\" I'll follow that.",
    "I can't use <invoke name=\"fetch\"> here unless a fetch tool was given to me, so I'll take the tools that I have.",
    'The rules again: exactly one ```json block for an action, with the keys "action" and "action_input", and '
    'nothing behind it. The action is one of the tools or "Final Answer".',
    "Each message must contain one DISCUSSION section and exactly one command in a fence; I'd put two of them last "
    "time, which is why the shell refused it.",
    'To use a tool, one writes it like this: <tool_call>{"name": "tool_name", "arguments": {"key": '
    '"value"}}</tool_call>. One such block is needed for each call, and I had left it out.',
    "The server only accepts [TOOL_CALLS] followed by a list. What I wrote before was a plain sentence, so it did "
    "nothing at all.",
    "As the prompt says, available channels are analysis, commentary and final, and calls to functions go to the "
    "commentary channel. I'll use them that way.",
    "Remember the shape: `Action: tool_name[argument]`, then wait for the `Observation:`. Only `Finish[answer]` "
    "ends the task.",
    'Das Format verlangt erst "Gedanke:", dann "Aktion:" mit dem Namen des Werkzeugs und zuletzt '
    '"Eingabe:" mit einem JSON-Objekt. Das hatte ich übersehen.',
    "Jeder Aufruf steht in <tool_call> und </tool_call>, dazwischen nur JSON. Meine letzte Antwort hielt sich nicht "
    "daran.",
    "Le format demande d'abord « Thought: », puis « Action: » et « Action Input: ». Je l'avais oublié dans ma "
    "réponse précédente.",
    "El formato pide cada llamada entre <tool_call> y </tool_call>, con un objeto JSON en medio. Lo corrijo ahora.",
    'O formato pede "Thought:", "Action:" e "Action Input:", um por linha. Vou segui-lo agora.',
    "格式要求先写“Thought:”，再写“Action:”和“Action Input:”，最后用“Final Answer:”结束。我刚才没有遵守。",
    "ツールを呼び出すときは<tool_call>と</tool_call>の間にJSONを書く決まりです。先ほどの返答は形式が違っていました。",
    "Формат требует сначала «Thought:», затем «Action:» и «Action Input:» с объектом JSON. "
    "В прошлый раз я это пропустил.",
)
"""Format instructions repeated in prose; to be read as text (rule 7)."""

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("To use a tool, one writes it like this:", "For each call there is one such block."),
    ("The expected form of a call is:", "I left it out before."),
    ("A call would have to look like this example:", "The names in it are only placeholders."),
    ("According to the instructions, the pattern is:", "I'll keep to it."),
    ("My instructions show this example:", "It stands for any tool and does nothing."),
    ("Ein Aufruf sieht allgemein so aus:", "Das sind nur Platzhalter."),
    ("Le modèle à suivre est le suivant :", "Ce ne sont que des exemples de noms."),
    ("调用的一般形式是：", "其中的名称只是占位符。"),
)
"""Before and after an example call with placeholders."""

PLACEHOLDERS = (
    '{"name": "tool_name", "arguments": {"key": "value"}}',
    '{"name": "function_name", "arguments": {"arg1": "value1", "arg2": "value2"}}',
    '{"name": <function-name>, "arguments": <args-json-object>}',
    '{"tool": "example_tool", "input": {...}}',
    "function_name(parameter=value)",
    "...",
    '{"name": "$FUNCTION_NAME", "parameters": {"$PARAMETER_NAME": "$PARAMETER_VALUE"}}',
)
"""Bodies of example calls: names that no tool has."""
