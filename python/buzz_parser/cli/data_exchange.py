"""`buzz-parser data import` and `export`: labelled messages and logs from and to other formats."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from buzz_parser.cli.common import EXIT_DIFFERENT, error_console, output_console
from buzz_parser.cli.data_records import RecordsArgument, done, records_of
from buzz_parser.data.interchange.lines import Rejects, checked, write_rejects
from buzz_parser.data.records import Record

ImportFormat = Literal["jsonl", "tokens", "conll", "label-studio", "hugging-face", "chat"]
ExportFormat = Literal["jsonl", "tokens", "conll", "label-studio", "hugging-face", "arrow"]


def import_(
    format: Annotated[  # noqa: A002 (the argument's name)
        ImportFormat, typer.Argument(metavar="FORMAT", help="What SOURCE is.", show_default=False)
    ],
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="File or folder.", show_default=False)
    ],
    out: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="Records, or for chat the transcripts.", show_default=False
        ),
    ],
    joint: Annotated[
        str,
        typer.Option(help="Between two tokens of tokens and conll, where the text is not told."),
    ] = " ",
    language: Annotated[str, typer.Option(help="For chats that do not say.")] = "en",
    domain: Annotated[str, typer.Option(help="For chats that do not say.")] = "own logs",
    template: Annotated[
        Path | None,
        typer.Option(
            help="A tokenizer's folder, tokenizer_config.json or .jinja: chats become records, each turn of the "
            "assistant as this chat template writes it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Read messages of another format, or your own agent's logs.

    [bold]jsonl[/bold]: records like ours. [bold]tokens[/bold]: tokens and ner_tags. [bold]conll[/bold]: a token and
    its tag a line. [bold]label-studio[/bold]: an export in JSON, what persons marked. [bold]hugging-face[/bold]: a
    dataset on disk. [bold]chat[/bold]: OpenAI-style messages with tool_calls, one conversation a line; OUT is
    a file of transcripts for [bold]data generate --transcripts[/bold].

    What cannot be taken goes to OUT.rejects.jsonl with the reason, and the exit code is 1.

    [dim]buzz-parser data import label-studio project-7.json out/corrected.jsonl[/dim]
    [dim]buzz-parser data import chat agent.jsonl out/own.txt --language de[/dim]
    """
    rejects = Rejects()
    if format == "chat" and template is None:
        count, what = (
            done(lambda: _transcripts(source, out, rejects, language, domain)),
            "transcripts",
        )
    else:
        records = done(lambda: _read(format, source, rejects, joint, language, domain, template))
        count, what = done(lambda: _write("jsonl", out, iter(records))), "records"
    _end(out, rejects, f"{out}: {count:,} {what}")


def export(
    format: Annotated[  # noqa: A002 (the argument's name)
        ExportFormat, typer.Argument(metavar="FORMAT", help="What to write.", show_default=False)
    ],
    records: RecordsArgument,
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="File or new folder.", show_default=False)
    ],
    model: Annotated[
        str, typer.Option(help="What Label Studio calls the pre-annotations.")
    ] = "buzz-parser",
) -> None:
    """Write records for other tools.

    What [bold]tokens[/bold], [bold]conll[/bold] and [bold]hugging-face[/bold] hold comes back exactly with data import.
    [bold]label-studio[/bold] writes tasks with the segments as pre-annotations, and beside them the labelling
    interface for the project's settings, OUT with the ending .xml.

    [dim]buzz-parser data export label-studio out/disputed.jsonl out/tasks.json[/dim]
    """
    rejects = Rejects()

    def good() -> Iterator[Record]:
        for number, record in enumerate(records_of(records), start=1):
            try:
                yield checked(record)
            except ValueError as error:
                rejects.add(f"record {number}", error, record.text)

    count = done(lambda: _write(format, out, good(), model))
    if format == "label-studio":
        from buzz_parser.data.interchange.label_studio import label_config  # noqa: PLC0415

        out.with_suffix(".xml").write_text(label_config(), encoding="utf-8")
    _end(out, rejects, f"{out}: {count:,} records")


def _end(out: Path, rejects: Rejects, message: str) -> None:
    """Says what was written and what was set aside; exit code 1 if anything was."""
    path = out.with_name(out.name + ".rejects.jsonl")
    write_rejects(path, rejects)
    output_console().print(message, markup=False)
    if rejects.found:
        first = rejects.found[0]
        error_console().print(
            f"{path}: {len(rejects.found):,} set aside, the first: {first.where}: {first.reason}",
            style="yellow",
            markup=False,
        )
        raise typer.Exit(EXIT_DIFFERENT)


def _transcripts(source: Path, out: Path, rejects: Rejects, language: str, domain: str) -> int:
    from buzz_parser.data.files import write_whole  # noqa: PLC0415
    from buzz_parser.data.interchange.chat_logs import read_chat_logs  # noqa: PLC0415
    from buzz_parser.data.transcripts import format_transcripts  # noqa: PLC0415

    found = read_chat_logs(source, rejects, language=language, domain=domain)
    write_whole(out, format_transcripts(found))
    return len(found)


def _read(
    format: ImportFormat,  # noqa: A002 (the argument's name)
    source: Path,
    rejects: Rejects,
    joint: str,
    language: str,
    domain: str,
    template: Path | None,
) -> list[Record]:
    from buzz_parser.data.interchange import (  # noqa: PLC0415
        chat_logs,
        chat_template,
        conll,
        hugging_face,
        jsonl,
        label_studio,
        tokens_tags,
    )

    if format == "chat" and template is not None:
        found = chat_template.read_chat_template(template)
        chats = chat_logs.read_chats(source, rejects, language=language, domain=domain)
        return chat_template.template_records(chats, found, rejects)
    if format == "tokens":
        return tokens_tags.read_tokens_tags(source, rejects, joint=joint)
    if format == "conll":
        return conll.read_conll(source, rejects, joint=joint)
    readers: dict[str, Callable[[Path, Rejects], list[Record]]] = {
        "jsonl": jsonl.read_jsonl,
        "label-studio": label_studio.read_label_studio,
        "hugging-face": hugging_face.read_hugging_face,
    }
    return readers[format](source, rejects)


def _write(
    format: ExportFormat,  # noqa: A002 (the argument's name)
    out: Path,
    records: Iterator[Record],
    model: str = "",
) -> int:
    from buzz_parser.data.interchange import (  # noqa: PLC0415
        arrow,
        conll,
        hugging_face,
        jsonl,
        label_studio,
        tokens_tags,
    )

    if format == "label-studio":
        return label_studio.write_label_studio(out, records, model=model)
    writers: dict[str, Callable[[Path, Iterator[Record]], int]] = {
        "jsonl": jsonl.write_jsonl,
        "tokens": tokens_tags.write_tokens_tags,
        "conll": conll.write_conll,
        "hugging-face": hugging_face.write_hugging_face,
        "arrow": arrow.write_arrow,
    }
    return writers[format](out, records)
