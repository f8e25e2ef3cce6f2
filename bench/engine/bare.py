"""The baseline: the same calls from a Celery app as one writes it in ten lines, on the same broker and pool."""

import os

import requests
from celery import Celery

app = Celery("bare", broker=os.environ.get("BARE_BROKER_URL", "memory://"))
app.conf.update(task_ignore_result=True, task_default_queue="bare", worker_hijack_root_logger=False)


@app.task(name="post")
def post(url, token, call):
    answer = requests.post(url, headers={"Authorization": f"Bearer {token}"}, timeout=30, **call)
    answer.raise_for_status()
    return answer.json()
