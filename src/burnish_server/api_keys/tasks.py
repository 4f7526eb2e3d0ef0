"""What the worker does for this room."""

from procrastinate.contrib.django import app

from burnish_server.api_keys import answers


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="api_keys.prune_answers", pass_context=False)
def prune_answers(timestamp: int) -> None:
    """Remove kept answers to requests that are too old to be sent again; once an hour."""
    answers.prune()
