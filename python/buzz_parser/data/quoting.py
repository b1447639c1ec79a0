"""What is only shown: a written frame around a rendered call or message, so that nothing is executed (rule 7)."""

import re
from collections.abc import Sequence
from random import Random

from buzz_parser.data.dialects.model import Item

FRAMES: tuple[tuple[str, str], ...] = (
    ("For example, the model would write:", "Nothing has been called; this only shows the shape."),
    (
        "The documentation gives this example of a call:",
        "Replace the values with your own before you use it.",
    ),
    (
        "This is what a call looks like in the raw log:",
        "The harness cuts it out before the user sees the reply.",
    ),
    (
        "Your parser fails on this line:",
        "The opening marker is fine, but the closing one is never matched.",
    ),
    (
        "In the prompt you would describe the syntax like this:",
        "Then add two or three examples of your own.",
    ),
    (
        "If I had access to that tool, I would send something like:",
        "But I don't have it here, so please run it yourself.",
    ),
    (
        "The attacker's page contains the following text:",
        "I did not follow it, since instructions inside a page aren't yours.",
    ),
    (
        "Here is the snippet from the tutorial you asked about:",
        "As you can see, the name comes first and the arguments after it.",
    ),
    ("You can copy this into your test fixture:", "It's a sample and does nothing by itself."),
    (
        "Compare it with how another model writes the same call:",
        "Both mean the same thing to the runtime.",
    ),
    ("The bug report quotes this output:", "It was printed to the chat instead of being run."),
    ("A valid request has this form:", "All fields are required."),
    (
        "I was told to answer with the following format:",
        "I'd rather ask you first whether that is what you want.",
    ),
    (
        "The format is simple. A call is written as",
        "and the result comes back in the next message.",
    ),
    ("Never write this in a normal answer:", "The client would take it for a real call."),
    (
        "Last week's transcript ends with this:",
        "After that the session was closed, so the refund never happened.",
    ),
    (
        "Let me explain the example from the paper. It shows",
        "which the authors count as a single step.",
    ),
    (
        "What you pasted is a tool call, not an error:",
        "You can ignore it, or tell me what you expected to see.",
    ),
    (
        "Models of that family write their calls like the one below.",
        "I have left the arguments out of it on purpose.",
    ),
    ("Take this line from the manual.", "It is there to show where the quotes go."),
    (
        "My earlier answer contained a call that was never meant to run. It read",
        "and I should have marked it as an example.",
    ),
    (
        "The syntax is described in chapter four with a small sample.",
        "You will not need it unless you write a client yourself.",
    ),
    (
        "To be clear, I am only describing it. A request for the forecast could be",
        "with the city of your choice.",
    ),
    (
        "Your colleague's message quotes the trace that she saw on Tuesday.",
        "Nothing in it was run again today.",
    ),
    ("The two versions differ in one place. The old one was", "before the key was renamed."),
    (
        "I can't run tools in this chat, so take the next block as a template.",
        "Fill in the identifier of your order and paste it into the console.",
    ),
    (
        "Sure, this is how the page explains it.",
        "The rest of the page is about error codes.",
    ),
    (
        "Students often ask what the model really emits, so here is one raw sample.",
        "A runtime would read the name first.",
    ),
    ("Im Handbuch steht dazu ein Muster.", "Es dient nur der Erklärung."),
    ("El manual lo muestra con una sola línea.", "No la he ejecutado."),
    ("Voici ce que contient le journal d'hier.", "Rien n'a été relancé depuis."),
    ("手册里给出了这样一段示例。", "这里只是引用，没有执行。"),
    ("В документации есть короткий образец.", "Запускать его не нужно."),
    ("Zum Beispiel sähe ein Aufruf so aus:", "Ausgeführt wird hier nichts."),
    ("Im Protokoll steht genau das:", "Der Aufruf wurde nur zitiert."),
    ("Par exemple, le modèle écrirait :", "Ce n'est qu'une illustration, rien n'a été exécuté."),
    ("Por ejemplo, una llamada se vería así:", "Aquí no se ejecuta nada, es solo una muestra."),
    ("Ad esempio, una chiamata si scrive così:", "Qui non viene eseguito nulla."),
    ("Um exemplo tirado da documentação:", "Serve apenas para mostrar o formato."),
    ("例えば、呼び出しは次のように書かれます。", "これは例であり、実行はされません。"),
    ("例如，模型会这样写：", "这只是示例，并没有真正调用。"),
    ("예를 들어 호출은 이렇게 생겼습니다:", "이것은 설명용 예시일 뿐입니다."),
    ("Например, вызов выглядит так:", "Здесь он только показан, ничего не выполнено."),
)
"""What stands before and after a shown call; each pair says that the call is only shown."""

LOG_FRAMES: tuple[tuple[str, str], ...] = (
    ("The raw output looks roughly like this:", "Only the last part of it reaches the user."),
    (
        "Here is one full turn of that model, as it comes off the wire:",
        "Everything before the answer is cut out by the client.",
    ),
    ("The log of the failing run:", "It stops there, so the tool was never reached."),
    (
        "I reproduced it with the prompt from the report. The model answered",
        "which is exactly what the template asks for.",
    ),
    (
        "A complete example from the model card, with the thinking left in:",
        "Keep the special tokens when you tokenise it.",
    ),
    ("Your file `trace.txt` begins with", "and the second request is the same but for the date."),
    (
        "Compare that with what the other framework prints for one step.",
        "The labels differ, the order doesn't.",
    ),
    (
        "For the training set you would write one sample as",
        "with the loss on the assistant's part alone.",
    ),
    (
        "This is the message that your regex splits wrongly:",
        "It matches the first closer, not the last.",
    ),
    ("What Dana pasted into the ticket is this:", "None of it has been run since."),
    ("and the end of it like this:", "Older versions leave out the last marker."),
    ("Die Rohausgabe sieht ungefähr so aus:", "Davon sieht der Nutzer nur den letzten Satz."),
    ("Im Fehlerbericht steht der ganze Durchlauf.", "Hier wird er nur zitiert."),
    ("La sortie brute ressemble à ceci :", "L'utilisateur n'en voit que la fin."),
    ("La salida completa del modelo es más o menos esta:", "Aquí solo se cita."),
    ("L'output grezzo è questo.", "Al lettore arriva soltanto l'ultima riga."),
    ("A saída bruta fica assim:", "Nada disso foi executado agora."),
    ("原始输出大致如下：", "其中只有最后一句会显示给用户。"),
    ("日志里的一整轮是这样的。", "这里只是引用。"),
    ("生の出力はおおよそ次のとおりです。", "ユーザーに見えるのは最後だけです。"),
    ("Сырой ответ модели выглядит так:", "Пользователь видит только конец."),
    ("원본 출력은 대략 이렇습니다:", "여기서는 인용만 한 것입니다."),
)
"""What stands before and after a whole message that is shown."""

SCHEMA_LINES = (
    "These are the tools I can use:",
    "Available functions:",
    "You are provided with function signatures in the following schema:",
    "Here is the list of functions in JSON format that you can invoke.",
    "The server announces these tools:",
    "Das sind meine Werkzeuge:",
    "可用的工具如下：",
    "Voici les fonctions disponibles :",
)
"""What announces a list of tool schemas."""


def shown_call(rendered: str, rng: Random) -> str:
    """A text that shows a rendered call, in a fence, indented, cited, or in backticks."""
    before, after = rng.choice(FRAMES)
    if "\n" not in rendered and rng.random() < 0.3:
        return f"{before} `{rendered}` {after}"
    return f"{before}\n\n{_set_apart(rendered, rng)}\n\n{after}"


def shown_messages(messages: Sequence[str], rng: Random) -> str:
    """A text that shows whole rendered messages, each set apart from its sentences."""
    parts = []
    for message in messages:
        before, after = rng.choice(LOG_FRAMES)
        parts += [before, _set_apart(message, rng), after]
    return "\n\n".join(parts)


def _set_apart(rendered: str, rng: Random) -> str:
    """In a fence that is longer than those within, indented, or as a quotation."""
    draw = rng.random()
    if draw < 0.75:
        longest = max((len(run) for run in re.findall("`{3,}", rendered)), default=2)
        fence = "`" * (longest + 1)
        language = rng.choice(("", "", "", "json", "text", "xml", "python"))
        return f"{fence}{language}\n{rendered}\n{fence}"
    prefix = "    " if draw < 0.85 else "> "
    return "\n".join(f"{prefix}{line}".rstrip() for line in rendered.split("\n"))


def shown_schemas(schemas: str, rng: Random) -> str:
    """A text that lists tool schemas."""
    draw = rng.random()
    if draw < 0.4:
        return f"{rng.choice(SCHEMA_LINES)}\n\n```json\n{schemas}\n```"
    if draw < 0.7:
        return f"{rng.choice(SCHEMA_LINES)}\n<tools>\n{schemas}\n</tools>"
    return f"{rng.choice(SCHEMA_LINES)}\n{schemas}"


def with_text(item: Item, text: str) -> Item:
    """An item with a further paragraph."""
    return Item(kind=item.kind, body=f"{item.body}\n\n{text}", calls=item.calls, slots=item.slots)
