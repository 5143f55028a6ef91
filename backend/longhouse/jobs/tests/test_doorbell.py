"""Rings at a broker that may be dead. Kombu's own broker in memory is the living one."""

import time
from typing import Any

import pytest
from celery import Celery
from django.db import transaction
from kombu import Connection

from longhouse.jobs import celery as jobs_celery
from longhouse.jobs import doorbell, services
from longhouse.jobs.celery import broker_queue
from longhouse.jobs.models import Job, State
from longhouse.jobs.testing import run_jobs
from longhouse.jobs.tests import tasks


def celery(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Everybody who rings does so there."""
    app = Celery("tests", broker=url, set_as_current=False)
    app.conf.update(broker_connection_timeout=1, broker_transport_options={"max_retries": 0})
    monkeypatch.setattr(jobs_celery, "app", app)
    monkeypatch.setattr(doorbell, "doorbell", doorbell.Doorbell())


@pytest.fixture
def broker(settings, monkeypatch):
    """Reads what was sent to a queue."""
    settings.BROKER_URL = "memory://"
    celery(monkeypatch, "memory://")
    connection: Any = Connection  # untyped
    with connection("memory://") as connection:

        def read(queue: str, *, seconds: float = 5) -> list[object]:
            found: list[object] = []
            with connection.SimpleQueue(broker_queue(queue)) as box:
                try:
                    while True:
                        message = box.get(timeout=seconds if not found else 0.3)
                        message.ack()
                        found.append(message.payload[0])
                except box.Empty:
                    return found

        with connection.SimpleQueue(broker_queue("default")) as box:
            box.clear()
        yield read


@pytest.mark.django_db(transaction=True)
def test_a_commit_rings_once_for_many_jobs_and_says_no_more_than_the_queue(broker):
    with transaction.atomic():
        for n in range(20):
            tasks.add.enqueue(n)
    assert broker("default") == [["default"]]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_rings_nothing(broker):
    with transaction.atomic():
        tasks.add.enqueue(1)
        transaction.set_rollback(True)
    assert broker("default", seconds=0.5) == []


@pytest.mark.django_db(transaction=True)
def test_the_direct_lane_sends_the_call_itself_and_makes_no_job(broker):
    result = tasks.direct.enqueue(1, b=2)
    assert broker("default") == [[tasks.direct.module_path, [1], {"b": 2}]]
    assert not Job.objects.filter(pk=result.id).exists()


@pytest.mark.django_db
def test_the_direct_lane_is_the_ordinary_one_without_a_broker():
    tasks.direct.enqueue(1, b=2)
    assert run_jobs() == 1
    assert Job.objects.get().state == State.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_who_enqueues_nothing(settings, monkeypatch, caplog):
    settings.BROKER_URL = "amqp://guest@127.0.0.1:9//"  # nobody listens there
    celery(monkeypatch, settings.BROKER_URL)
    for n in range(5):
        services.enqueue(tasks.add, (n,))
    assert run_jobs() == 5
    deadline = time.monotonic() + 30
    while "The broker does not answer" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "The broker does not answer" in caplog.text
