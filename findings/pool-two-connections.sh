#!/usr/bin/env bash
# undici 8.12.4: its Pool, asked by one request after the other, each only when the last has been read to its end.
#
# One connection is enough for that, and Node's own http.Agent uses one. Whatever the Pool may open at most (connections: 32), it opens a
# second, and takes turns: a server that counts connections sees twice as many, and each handshake of a mutual TLS is made twice.
# A Client, which has one connection, is the way out for what is strictly in sequence.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# This undici takes a newer Node than the other findings do; npm 11 asks whether that may be put in place.
echo '{"allowScripts": {"node": true}}' >package.json
npm install --silent --no-audit --no-fund undici@8.12.4 node@26.10.0 >/dev/null
cat >main.mjs <<'JS'
import { once } from "node:events";
import http from "node:http";
import { Client, Pool } from "undici";

const server = http.createServer((request, response) => response.end("ok")).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();
const origin = `http://127.0.0.1:${port}`;

/** Which connection, from 1 in the order they come, serves each of six requests in sequence. */
async function connectionsOf(request) {
  const seen = new Map();
  const served = [];
  const note = ({ socket }) => {
    if (!seen.has(socket)) seen.set(socket, seen.size + 1);
    served.push(seen.get(socket));
  };
  server.on("request", note);
  for (let count = 0; count < 6; count += 1) await request();
  server.off("request", note);
  return served.join(" ");
}

const undici = (dispatcher) => async () => (await dispatcher.request({ method: "GET", path: "/" })).body.text();
const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
const node = () =>
  new Promise((resolve) => http.get({ host: "127.0.0.1", port, agent }, (response) => response.resume().on("close", resolve)));
const pool = new Pool(origin, { connections: 32 });
const client = new Client(origin);
console.log("undici's Pool:", await connectionsOf(undici(pool)));
console.log("undici's Client:", await connectionsOf(undici(client)));
console.log("Node's Agent:", await connectionsOf(node));
await Promise.all([pool.destroy(), client.destroy()]);
agent.destroy();
server.close().closeAllConnections();
JS
diff <(node_modules/.bin/node main.mjs 2>&1) - <<'SEEN'
undici's Pool: 1 2 1 2 1 2
undici's Client: 1 1 1 1 1 1
Node's Agent: 1 1 1 1 1 1
SEEN
echo "holds: requests in sequence take turns on two connections of undici's Pool"
