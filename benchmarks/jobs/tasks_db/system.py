from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from trace_of_jobs import trace


@task()
def work(number: int) -> None:
    trace(number)


def enqueue(number: int) -> None:
    work.enqueue(number)


#: It has none.
enqueue_many = None


def unfinished() -> int:
    return DBTaskResult.objects.exclude(status=TaskResultStatus.SUCCESSFUL).count()
