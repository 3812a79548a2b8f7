# docker build -t timbridge . && docker run --rm -p 7400:7400 timbridge serve --listen 0.0.0.0:7400 --token SECRET
FROM python:3.12-slim AS build
COPY . /checkout
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /wheels /checkout

FROM python:3.12-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[listen]" && rm -r /wheels && useradd --create-home bridge
USER bridge
EXPOSE 7400
ENTRYPOINT ["timbridge"]
CMD ["serve"]
