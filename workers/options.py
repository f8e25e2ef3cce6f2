"""Celery's options, each with its reason; what was measured: docs/decisions/0007-the-bell.md."""

from __future__ import annotations

from django.conf import settings

broker_url = settings.CELERY_BROKER_URL or "memory://"
broker_connection_retry_on_startup = True
broker_connection_max_retries = None  # a broker that is away for a day is awaited; the ticker works meanwhile
broker_transport_options = {"socket_keepalive": True, "health_check_interval": 10, "socket_timeout": 30}

# Nothing of a task is kept: the row is the truth.
task_ignore_result = True
result_backend = None
# A bell that was heard is done with, whatever becomes of its listener: the row's lease is the guarantee.
task_acks_late = False
task_serializer = "json"
accept_content = ["json"]
task_create_missing_queues = True

# What is not running stays in the queue for whoever is free (5.7; prefetch 1 still parks messages).
worker_prefetch_multiplier = 1
worker_disable_prefetch = True
worker_pool = "threads"
worker_consumer = "workers.consumer:SteadyConsumer"
worker_hijack_root_logger = False
worker_redirect_stdouts = False
worker_send_task_events = False
worker_enable_remote_control = False  # nothing is asked of a worker by message: see the Worker rows
worker_cancel_long_running_tasks_on_connection_loss = False
imports = ("workers.tasks",)
