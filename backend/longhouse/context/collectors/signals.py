"""Receivers of signals, told from what is connected once all apps are loaded."""

import sys
from dataclasses import dataclass
from typing import Any
from weakref import ReferenceType

from django.apps import apps
from django.dispatch import Signal

from longhouse.context.project import Project, dotted

QUESTION = "Which of our functions run by themselves when something happens?"


@dataclass(frozen=True)
class Receiver:
    """`sender` is missing when it hears every sender; `dispatch_uid` when it was given none."""

    signal: str
    receiver: str
    sender: str = ""
    dispatch_uid: str = ""


@dataclass(frozen=True)
class Receivers:
    """Functions of our own that are connected to signals of Django, of libraries or of our own."""

    receivers: list[Receiver]


def collect(project: Project) -> Receivers:
    senders = {id(model): model._meta.label for model in apps.get_models(include_auto_created=True)}
    senders |= {id(config): config.label for config in apps.get_app_configs()}
    found = [
        Receiver(name, dotted(function), senders.get(sender, ""), uid)
        for name, signal in _signals(project)
        for function, sender, uid in _connected(signal)
        if project.owns(getattr(function, "__module__", ""))
    ]
    return Receivers(
        sorted(found, key=lambda item: (item.signal, item.receiver, item.sender, item.dispatch_uid))
    )


def count(document: Receivers) -> str:
    return f"{len(document.receivers)} receivers"


def _signals(project: Project) -> list[tuple[str, Signal]]:
    """Every signal once, under the name of the module that others import it from."""
    found: dict[int, tuple[str, Signal]] = {}
    for name, module in sorted(
        sys.modules.items(), key=lambda item: (project.owns(item[0]), item[0])
    ):
        if name.rpartition(".")[2] == "signals" or project.owns(name):
            for attribute, value in sorted(vars(module).items()):
                if isinstance(value, Signal):
                    found.setdefault(id(value), (f"{name}.{attribute}", value))
    return sorted(found.values(), key=lambda item: item[0])


def _connected(signal: Signal) -> list[tuple[Any, int, str]]:
    """(function, id of the sender, dispatch_uid) of each live receiver."""
    found = []
    for (key, sender), receiver, *_ in signal.receivers:
        function = receiver() if isinstance(receiver, ReferenceType) else receiver
        if function is not None:
            found.append((function, sender, key if isinstance(key, str) else ""))
    return found
