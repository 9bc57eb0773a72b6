# One image, two commands: `tracker serve` (the default) and `tracker worker`; `tracker db upgrade` before either.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python3 -m venv /srv/venv
# The libraries first, in a layer of their own: it stays as it is until the lock or the list of them changes.
COPY requirements.lock pyproject.toml README.md ./
RUN /srv/venv/bin/pip install -q --no-cache-dir -c requirements.lock .
COPY app app
COPY migrations migrations
RUN /srv/venv/bin/pip install -q --no-cache-dir --no-deps --force-reinstall .

FROM python:3.11-slim-bookworm
# The number is fixed, so that the owner of a volume is the same user after each build.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin tracker \
    && mkdir /data \
    && chown tracker:tracker /data
WORKDIR /srv/tracker
COPY --from=build /srv/venv /srv/venv
COPY alembic.ini ./
COPY migrations migrations
ENV PATH=/srv/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TRACKER_DATABASE_URL=sqlite:////data/tracker.db \
    TRACKER_DATA_FOLDER=/data/files
USER 10001:10001
VOLUME /data
EXPOSE 8000
# No proxy on the way to itself, whatever the environment names. A worker listens to nobody: switch this off for it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["tracker", "serve", "--host", "0.0.0.0", "--port", "8000"]
