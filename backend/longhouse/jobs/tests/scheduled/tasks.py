from longhouse.jobs import schedule, task
from longhouse.jobs.tests.tasks import trace


@schedule("* * * * * *", name="tests.every-second", overlap="allow", catch_up="all")
@task()
def every_second() -> None:
    trace("fired")
