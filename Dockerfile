# The one image of web, workers, beat and migrations. Build: docker build -t aftercare .
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python3 -m venv /opt/venv
WORKDIR /app
COPY requirements.txt .
RUN /opt/venv/bin/python -m pip install --no-deps --require-hashes -r requirements.txt
COPY manage.py LICENSE ./
COPY templates templates
COPY clinic clinic
COPY reminders reminders
# Settings are read strictly; these only serve to collect the style sheets.
RUN ENVIRONMENT=staging SECRET_KEY=only-to-collect-static-files PUBLIC_URL=https://localhost SMS_PROVIDER=memory \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q clinic reminders

FROM ${BASE}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin aftercare
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001
# Web processes, of 8 threads each: one for each core, and never fewer than two.
ENV WEB_CONCURRENCY=2
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "clinic.healthy"]
CMD ["gunicorn", "clinic.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
    "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--max-requests", "20000", "--max-requests-jitter", "2000", \
    "--no-control-socket"]
