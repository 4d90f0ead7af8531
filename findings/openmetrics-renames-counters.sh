#!/usr/bin/env bash
# prom-client 15.1.3 (npm), where Prometheus' text format and OpenMetrics meet.
#
# A counter runs_total is exposed as runs_total in both formats. Yet once a registry has been read as OpenMetrics, the counter
# itself has lost its ending: whoever reads it as Prometheus text from then on (curl, or an older scraper beside a new one) gets
# a series named runs, and runs_total ends. One read by another client changes what all others see.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >main.mjs <<'JS'
import client from "prom-client";
const { Counter, Registry } = client;
const registry = new Registry();
new Counter({ name: "runs_total", help: "Runs that have ended", registers: [registry] }).inc();
for (const format of ["PROMETHEUS", "OPENMETRICS", "PROMETHEUS"]) {
  registry.setContentType(Registry[`${format}_CONTENT_TYPE`]);
  const series = (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  console.log(`${format}: ${series.join(", ")}`);
}
JS
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts prom-client@15.1.3 >/dev/null
seen=$(node main.mjs)

diff <(echo "$seen") - <<'SEEN' && echo "holds: to read prom-client's registry as OpenMetrics once renames its counters for Prometheus' format"
PROMETHEUS: runs_total 1
OPENMETRICS: runs_total 1
PROMETHEUS: runs 1
SEEN
