# Two stages: packages from the hashed lock, then a slim image that runs as nobody in particular.
FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/thidua && /opt/thidua/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY app app
RUN /opt/thidua/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /srv/thidua thidua \
    && mkdir /srv/thidua/data && chown thidua /srv/thidua/data
COPY --from=packages /opt/thidua /opt/thidua
WORKDIR /srv/thidua
COPY alembic.ini ./
COPY migrations migrations
COPY app app
ENV PATH=/opt/thidua/bin:$PATH PYTHONPATH=/srv/thidua PYTHONUNBUFFERED=1 \
    THIDUA_HOST=0.0.0.0 THIDUA_DATA_DIR=/srv/thidua/data
USER thidua
VOLUME /srv/thidua/data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
# The schema is brought up by its own command, once, before the service: docker run … thidua migrate
CMD ["thidua", "serve"]
