"""Tell what a network is worth on everything that is here, on the screen or as a page with pictures."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from nn.commands.arguments import add_json, add_weights, check_files, chosen_network
from nn.commands.outcomes import DONE
from nn.commands.output import Output
from nn.errors import ConfigurationError
from nn.files.shipped import DEFAULT
from nn.files.weights import SUFFIX
from nn.report.material import SOURCES, gather
from nn.report.measure import measure, pieces_of_work
from nn.report.page import write_page
from nn.report.reliability import reliability
from nn.report.tables import certainty_table, curve_tables, refusals_table, sets_table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from rich.progress import Progress

    from nn.layers.base import JSON
    from nn.network import Network
    from nn.report.answers import Answers
    from nn.report.measure import Report


def configure(parser: argparse.ArgumentParser) -> None:
    """Say which arguments the command takes."""
    parser.add_argument(
        "--out",
        metavar="PAGE.md",
        type=Path,
        help="write everything as a page of Markdown, with curves and pictures of what is misread beside it",
    )
    parser.add_argument(
        "--no-pictures",
        action="store_true",
        help="draw no digits on the page: they are copies of the data they come from",
    )
    add_weights(parser)
    add_json(parser, "`kind` is set, curve, refusal or pace, and the rest is named; shares are 0 to 1")


def run(options: argparse.Namespace) -> int:
    """Gather what is here, measure, tell, write the page."""
    output = Output(as_json=options.json)
    if options.no_pictures and options.out is None:
        raise ConfigurationError("--no-pictures belongs to a page; add --out PAGE.md, or leave it out.")
    check_files({"--out": options.out}, {"--weights": options.weights, "--biases": options.biases})
    network = chosen_network(options)
    with output.progress() as bar:
        material = gather(_teller(bar, "Digits", SOURCES))
        report = measure(network, material, _teller(bar, "Reading", pieces_of_work(material)))
    _tell(output, report)
    if options.out is not None:
        _write(options, output, network, report)
    return DONE


def _teller(bar: Progress, what: str, total: int | None) -> Callable[[str], None]:
    """Return what counts pieces of work on the bar: the piece told before is done."""
    task = bar.add_task(what, total=total, completed=-1, detail="")
    return lambda detail: bar.update(task, advance=1, detail=detail)


def _write(options: argparse.Namespace, output: Output, network: Network, report: Report) -> None:
    file = f"{DEFAULT}{SUFFIX}" if options.weights is None else options.weights.name
    with output.progress() as bar:
        written = write_page(
            options.out,
            network,
            report,
            file=file,
            with_digits=not options.no_pictures,
            tell=_teller(bar, "Drawing", None),
        )
    output.note(f"Written: {', '.join(str(path) for path in written)}.")


def _tell(output: Output, report: Report) -> None:
    for record in _records(report):
        output.record(record)
    tables = (sets_table(report), *curve_tables(report), certainty_table(report), refusals_table(report))
    for table in tables:
        if table.rows:
            output.table(table.headings, table.rows, title=table.title, text=range(table.words))
            output.line("")
    pace = report.pace
    output.line(
        f"Frame and reading take {pace.median * 1e3:.2f} ms on one core, {pace.slow * 1e3:.2f} ms at the 95th "
        "percentile."
    )
    if report.missing:
        output.note(f"Not here, and left out: {', '.join(report.missing)}.")


def _summary(answers: Answers) -> dict[str, JSON]:
    judged = reliability(answers)
    return {
        "samples": len(answers),
        "right": answers.right,
        "refused": answers.refused,
        "calibration_error": judged.calibration_error,
        "wrong_though_sure": judged.wrong_though_sure,
        "confusion": answers.confusion().tolist(),
    }


def _records(report: Report) -> list[dict[str, JSON]]:
    """Return everything for machines."""
    records: list[dict[str, JSON]] = []
    for result in report.sets:
        for name, answers in result.parts():
            group = None if name == result.digits.name else name
            records.append({"kind": "set", "digits": result.digits.name, "group": group, **_summary(answers)})
    records += [
        {
            "kind": "curve",
            "digits": curve.digits,
            "distortion": curve.distortion.name,
            "unit": curve.distortion.unit,
            "values": list(curve.distortion.values),
            "right": list(curve.right),
            "refused": list(curve.refused),
        }
        for curve in report.curves
    ]
    records += [{"kind": "refusal", **asdict(refusal)} for refusal in report.refusals]
    return [*records, {"kind": "pace", **asdict(report.pace)}]
