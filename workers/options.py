"""The options of Celery, with reasons. The measurements are in docs/decisions/0007-the-bell.md."""

from __future__ import annotations

from django.conf import settings

broker_url = settings.CELERY_BROKER_URL or "memory://"
broker_connection_retry_on_startup = True
broker_connection_max_retries = None  # retry without end; the ticker works without a broker
broker_transport_options = {"socket_keepalive": True, "health_check_interval": 10, "socket_timeout": 30}

# No results of tasks are kept: the row is the truth.
task_ignore_result = True
result_backend = None
# A message is acknowledged when it is received. If its worker dies, the lease of the row ends and it is due again.
task_acks_late = False
task_serializer = "json"
accept_content = ["json"]
task_create_missing_queues = True

# A message that is not running stays in the queue for any free worker (Celery 5.7; prefetch 1 alone still takes one).
worker_prefetch_multiplier = 1
worker_disable_prefetch = True
worker_pool = "threads"
worker_consumer = "workers.consumer:SteadyConsumer"
worker_hijack_root_logger = False
worker_redirect_stdouts = False
worker_send_task_events = False
worker_enable_remote_control = False  # not needed: the Worker rows say who is alive
worker_cancel_long_running_tasks_on_connection_loss = False
imports = ("workers.tasks",)
