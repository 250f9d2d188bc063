"""The `moedeklar` command: what an operator, an editor and a developer call by hand.

Exit codes: 0 well, 1 a check found faults, 2 wrong use, 3 something needed is missing or wrong.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Optional

from bot.settings import Settings, SettingsError, settings
from bot.yaml_source import SourceError


class Fault(Exception):
    """Something is wrong that the caller can mend; the text is the one line that says so."""


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command; faults that the caller can mend become one clear line each."""
    from bot.backend.failures import BackendError
    from bot.supervisor import PortInUse
    from bot.training import ModelError

    options = _parser().parse_args(arguments)
    level = logging.INFO if options.run is _serve else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        return int(options.run(options, settings()) or 0)
    except (SettingsError, SourceError, ModelError, PortInUse, BackendError, Fault) as fault:
        print(f"moedeklar: {fault}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


Command = Callable[[argparse.Namespace, Settings], Optional[int]]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="moedeklar", description="Mødeklar, an a-kasse's assistant"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.set_defaults(run=run)
        return one

    command("up", _up, "start the four processes and print their addresses")
    one = command("serve", _serve, "run one process (what `up` starts)")
    one.add_argument("process", choices=["gateway", "rasa", "actions", "backend"])
    one = command("train", _train, "train the model")
    one.add_argument("--if-needed", action="store_true", help="only where no fitting one is there")
    command("validate", _validate, "Rasa's own check of domain, rules and training data")
    one = command("seed", _seed, "load members, meetings, times and staff from a seed file")
    one.add_argument("file", type=Path)
    one.add_argument("--reset", action="store_true", help="empty everything first")
    one = command("token", _token, "a member's token for the chat API (development)")
    one.add_argument("member")
    one = command("chat", _chat, "chat as a demo member with the running assistant (development)")
    one.add_argument("--member", required=True)
    one.add_argument("--channel", choices=["min_side", "sms"], default="min_side")
    one = command(
        "parse", _parse, "what the model understands: a message a line in, JSON a line out"
    )
    one.add_argument(
        "--now", help="ISO time that the messages are read at (default: the domain clock)"
    )
    one = command("answers", _answers, "check the answers, or show what members see")
    one.add_argument("what", choices=["check", "show"])
    one.add_argument("topic", nargs="?")
    one = command(
        "unanswered", _unanswered, "what the bot could not answer, masked, most often first"
    )
    one.add_argument("--rasa", action="store_true", help="as Rasa training data, to be edited")
    command("doctor", _doctor, "is everything here and healthy, and what to do if not")
    return parser


def _up(_options: argparse.Namespace, settings: Settings) -> int:
    from bot.up import up

    return up(settings)


def _serve(options: argparse.Namespace, settings: Settings) -> None:
    from bot import processes

    processes.serve(options.process, settings)


def _train(options: argparse.Namespace, _settings: Settings) -> None:
    from bot import training

    if options.if_needed and training.model_path().exists():
        training.fitting_model()
        return
    print("== model: training (two to three minutes)", flush=True)
    print(f"   trained: models/{training.train().name}")


def _validate(_options: argparse.Namespace, _settings: Settings) -> int:
    from bot import training

    return training.validate()


def _seed(options: argparse.Namespace, settings: Settings) -> None:
    from bot.seeding import seed_everything

    if not options.file.exists():
        raise Fault(f"{options.file}: no such file")
    print(seed_everything(settings, options.file, reset=options.reset))


def _token(options: argparse.Namespace, settings: Settings) -> None:
    _development_only(settings, "token")
    from bot.gateway.tokens import mint_token

    print(mint_token(settings, options.member))


def _chat(options: argparse.Namespace, settings: Settings) -> None:
    _development_only(settings, "chat")
    if options.channel == "sms":
        from bot.chat_sms import NoPhone, chat_by_sms

        try:
            chat_by_sms(settings, options.member)
        except NoPhone as fault:
            raise Fault(f"{fault}.") from None
    else:
        from bot.chat import chat

        chat(settings, options.member)


def _parse(options: argparse.Namespace, settings: Settings) -> None:
    from bot.nlu.parse import parse_lines

    logging.disable(logging.CRITICAL)
    parse_lines(settings, options.now, sys.stdin, sys.stdout)


def _answers(options: argparse.Namespace, settings: Settings) -> int:
    from bot.editing import answers_check, answers_shown

    if options.what == "show":
        return answers_shown.show(settings.profile, options.topic, sys.stdout)
    return answers_check.run(settings.profile, sys.stdout)


def _unanswered(options: argparse.Namespace, settings: Settings) -> None:
    from bot.database import make_engine, migrate
    from bot.desk import unanswered
    from bot.gateway.app import MIGRATIONS

    engine = make_engine(settings.database_url("gateway"))
    migrate(engine, MIGRATIONS)
    write = unanswered.write_rasa if options.rasa else unanswered.write_list
    write(unanswered.listed(engine), sys.stdout)
    engine.dispose()


def _doctor(_options: argparse.Namespace, settings: Settings) -> int:
    from bot.doctor import examine

    return examine(settings, print)


def _development_only(settings: Settings, command: str) -> None:
    if not settings.development:
        raise Fault(f"`{command}` is for development only (MOEDEKLAR_ENV=development).")


if __name__ == "__main__":
    sys.exit(main())
