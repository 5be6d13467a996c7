# otac in CI: `docker build --tag otac .`, then `docker run --rm --volume "$PWD:/project" otac otac check config.yml`.
# It has what `otac test` needs, too. The images that run a project are made by
# `otac build --docker`.
ARG PYTHON_IMAGE=python:3.12-slim
FROM ${PYTHON_IMAGE}
# Another index: --build-arg PIP_INDEX_URL=...
ARG PIP_INDEX_URL
COPY pyproject.toml README.md LICENSE /src/
COPY compiler /src/compiler
COPY templates /src/templates
COPY schemas /src/schemas
COPY requirements/newest.txt /src/requirements/newest.txt
RUN pip install --no-cache-dir --disable-pip-version-check \
        --constraint /src/requirements/newest.txt "/src[prefect]" \
    && rm -r /src
ENV PREFECT_SERVER_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /project
# No entrypoint: CI servers start a shell in it.
CMD ["otac", "--help"]
