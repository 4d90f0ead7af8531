// The thread of a candidate: with an event loop of its own it renews the lease however busy the main thread is.
import { parentPort, workerData } from "node:worker_threads";
import { Agents } from "../transport/agents.ts";
import { messageOf } from "../message.ts";
import type { Sender } from "../transport/api-request.ts";
import { proxyOf } from "../proxy/proxy-of.ts";
import { Requester } from "../transport/requester.ts";
import { Candidate } from "./candidate.ts";
import { Contact } from "./contact.ts";
import { Fence } from "./fence.ts";
import { machineClock } from "./machine-clock.ts";
import { releaseTimeout, type Message, type Task } from "./messages.ts";
import { leaseClient } from "./permissions.ts";

const { connection, namespace, lease, identity, durations, fence, contact: memory }: Task = workerData;
const tell = (message: Message): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread's port, not a window.
  parentPort?.postMessage(message);
};
const contact = new Contact(memory);
const options = {
  userAgent: "plimsoll-leader-election",
  onResponse: ({ status }: { status: number }) => {
    if (status < 400) contact.mark();
  },
};
const { cluster } = connection;
const transport = new Requester(connection, new Agents(cluster.server, proxyOf(cluster)), options);
const once: Sender = {
  request: (request) => transport.request({ ...request, once: true }),
  stream: (request) => transport.stream({ ...request, once: true }),
};
const ref = { namespace, name: lease };
const stop = new AbortController();
const candidate = new Candidate({
  client: leaseClient(once, ref),
  ref,
  identity,
  durations,
  fence: new Fence(fence),
  contact,
  clock: machineClock,
  onLeader: (identity) => tell({ type: "leader", identity }),
  onElected: () => tell({ type: "elected" }),
  onError: (error) => tell({ type: "error", error: messageOf(error) }),
});
// The only message is to release; while somebody listens, the thread lives on.
parentPort?.once("message", () => stop.abort());

const reason = await candidate.run(stop.signal);
if (reason === undefined) await candidate.release(releaseTimeout);
else tell({ type: "lost", reason });
await transport.close();
parentPort?.close();
