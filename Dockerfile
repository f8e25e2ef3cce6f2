# One small image for web, worker and migrations. Runs as nobody in particular, never as root.
ARG BASE=python:3.12-slim
FROM ${BASE} AS build
# Behind a private certificate authority: --build-arg SSL_CERT_FILE=/path/in/the/build
ARG SSL_CERT_FILE
# `practice` adds what `sharedesk sandbox` needs.
ARG SET=run
WORKDIR /srv/sharedesk
COPY requirements/uv.txt requirements/${SET}.txt requirements/
RUN python3 -m venv .venv \
 && .venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements/uv.txt \
 && .venv/bin/uv pip install --quiet --python .venv/bin/python --no-cache --require-hashes --compile-bytecode -r requirements/${SET}.txt
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY sharing sharing
COPY workers workers
RUN .venv/bin/uv pip install --quiet --python .venv/bin/python --no-cache --no-deps --no-build-isolation --offline -e . \
 && .venv/bin/python -m compileall -q config sharing workers \
 && .venv/bin/python -m pip uninstall --quiet --yes uv pip

FROM ${BASE}
RUN useradd --uid 10001 --create-home --home-dir /var/lib/sharedesk sharedesk
COPY --from=build /srv/sharedesk /srv/sharedesk
ENV PATH=/srv/sharedesk/.venv/bin:$PATH PYTHONUNBUFFERED=1 SHAREDESK_DATA=/var/lib/sharedesk
WORKDIR /var/lib/sharedesk
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["sharedesk", "doctor"]
CMD ["sharedesk", "web", "--host", "0.0.0.0"]
