#!/usr/bin/env bash
# prom-client 15.1.3 on Node 20 or newer, of a process that does nothing.
#
# Its help text calls nodejs_eventloop_lag_p99_seconds "the 99th percentile of the recorded event loop delays". Node's monitorEventLoopDelay, of
# which it is, records how long it was from one look at the loop to the next, every 10 ms by default: so an idle process has a lag of 10 ms in the
# mean and in every percentile, and an alert at 20 ms fires at a delay of 10. nodejs_eventloop_lag_seconds, beside it, is measured otherwise,
# and is close to nothing.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund prom-client@15.1.3 >/dev/null
cat >main.cjs <<'JS'
const { collectDefaultMetrics, register } = require("prom-client");
collectDefaultMetrics();
setTimeout(async () => {
  const text = await register.metrics();
  for (const name of ["mean", "p50", "p90"].map((kind) => `nodejs_eventloop_lag_${kind}_seconds`)) {
    const value = Number(new RegExp(`^${name} (.*)`, "m").exec(text)[1]);
    console.log(name, value >= 0.009 ? "is 0.009 or more" : `is ${value}`);
  }
  process.exit();
}, 3_000);
JS
diff <(node main.cjs) - <<'SEEN'
nodejs_eventloop_lag_mean_seconds is 0.009 or more
nodejs_eventloop_lag_p50_seconds is 0.009 or more
nodejs_eventloop_lag_p90_seconds is 0.009 or more
SEEN
echo "holds: an idle process has an event-loop lag of 10 ms to prom-client"
