from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id as OWASP's password storage cheat sheet advises: 19 MiB, two passes, one lane.

    Django's own takes 100 MiB, which sign-ins at the same moment would need several times.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
