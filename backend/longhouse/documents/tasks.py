from longhouse.documents import services
from longhouse.jobs import task


@task(unique=True)
def compact_document(name: str) -> int:
    """Fold the updates of a document into its snapshot."""
    return services.compact(name=name)
