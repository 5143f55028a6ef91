from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "longhouse.workflows"
    label = "workflows"

    def ready(self) -> None:
        from longhouse.jobs.signals import job_finished
        from longhouse.workflows.finishing import on_job_finished

        job_finished.connect(on_job_finished, dispatch_uid="workflows")
