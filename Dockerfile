# One image for web, worker, beat and migrations. No secret is built in: they come as files at run time.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements-prod.lock /tmp/
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --no-deps -r /tmp/requirements-prod.lock \
    && /venv/bin/pip check
WORKDIR /app
COPY manage.py ./
COPY liaison liaison
COPY deputies deputies
COPY suggestions suggestions
COPY votes votes
COPY templates templates
COPY static static
COPY deploy/placeholder.env /tmp/
# Production settings refuse to start without their values; these are placeholders for this one step.
RUN set -a && . /tmp/placeholder.env && set +a \
    && /venv/bin/python manage.py collectstatic --noinput --settings liaison.settings.prod \
    && /venv/bin/python -m compileall -q /app /venv/lib

FROM ${PYTHON_IMAGE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /data /data/files /data/celery
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=liaison.settings.prod \
    VAR_DIR=/data \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=4
USER portal
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--no-ws", "liaison.wsgi:application"]
