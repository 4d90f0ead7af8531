#!/usr/bin/env bash
# pyspark 4.3.0 (the spark-submit of Apache Spark 4.3.0; takes a Java runtime, 17 or newer, and 450 MB to download).
#
# spark-submit in cluster mode waits for its application by default, and prints how the driver's container ended: here with exit code 1, the
# pod Failed, as a small API server of this script says. Its own exit code is 0: `spark-submit … && next` goes on, and a CI job is green. A
# submission that is refused ends with 1.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "$api" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --no-deps pyspark==4.3.0
cat >api.py <<'PY'
import json, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

pods = {}
ended = {"exitCode": 1, "reason": "Error", "startedAt": "2026-01-01T00:00:00Z", "finishedAt": "2026-01-01T00:00:01Z"}


class Api(BaseHTTPRequestHandler):
    """Takes whatever is made; a pod has failed at once."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, code, body):
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def made(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body["metadata"].update(uid="1", resourceVersion="1", namespace="default", creationTimestamp="2026-01-01T00:00:00Z")
        return body

    def do_POST(self):
        pod = self.made()
        states = [{"name": c["name"], "image": "x", "imageID": "", "ready": False, "restartCount": 0, "state": {"terminated": ended}} for c in pod["spec"]["containers"]]
        pod["status"] = {"phase": "Failed", "containerStatuses": states}
        pods[pod["metadata"]["name"]] = pod
        self.answer(201, pod)

    def do_PATCH(self):
        self.answer(201, self.made())

    def do_GET(self):
        # A watch is asked for as a WebSocket first; without one, as lines.
        if "watch=true" not in self.path:
            return self.answer(200, pods[self.path.split("/")[-1]])
        if self.headers.get("upgrade"):
            return self.answer(200, {})
        self.send_response(200)
        self.send_header("connection", "close")
        self.end_headers()
        for pod in pods.values():
            self.wfile.write(json.dumps({"type": "MODIFIED", "object": pod}).encode() + b"\n")
        self.wfile.flush()
        threading.Event().wait(3)


server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 api.py >port &
api=$!
until [ -s port ]; do sleep 0.1; done
: >kubeconfig
home=$(echo "$dir"/venv/lib/python3*/site-packages/pyspark)
code=0
SPARK_HOME=$home KUBECONFIG=$dir/kubeconfig "$home/bin/spark-submit" --master "k8s://http://127.0.0.1:$(cat port)" --deploy-mode cluster \
  --conf spark.kubernetes.container.image=x local:///x.py >said 2>&1 || code=$?
{
  grep -o "termination reason: Error\|exit code: 1\|phase: Failed" said | sort -u
  echo "spark-submit: $code"
} >seen
diff seen - <<'SEEN'
exit code: 1
phase: Failed
termination reason: Error
spark-submit: 0
SEEN
echo "holds: spark-submit waits for a driver that fails with exit code 1, says so, and ends with 0"
