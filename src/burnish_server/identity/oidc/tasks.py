"""What the worker does for the provider."""

from django.utils import timezone
from procrastinate.contrib.django import app

from burnish_server.identity.oidc import grants


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="tokens_forgotten", pass_context=False)
def forget_tokens(timestamp: int) -> None:
    """Forget codes and tokens that were over a day ago."""
    grants.forget_old(timezone.now())
