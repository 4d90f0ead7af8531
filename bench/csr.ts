import { up, type Cluster } from "@plimsoll/cluster";
import { requestPem } from "@plimsoll/features/csr/testing";
import { eventsOf } from "@plimsoll/permissions/audit-log";
import {
  addressesOf,
  bootstrapper,
  client,
  clientPem,
  nodeIdentity,
  Requests,
  serving,
  servingPem,
  type Identity,
} from "../tests/support/certificate-requests.ts";
import { only, startController, prepare } from "../scripts/local-controller.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { report, type Row } from "./table.ts";

/** Requests, one after the other, of which each is waited for. */
const single = 200;
/** Hostile requests. */
const flood = 5_000;
/** Real requests that are made while the hostile ones are sent, and as many once all of them wait. */
const real = 20;

/** From a request until its certificate is there: alone, and beside a flood of hostile requests. Nodes are Node objects, and their kubelets this program. */
export async function csrBench(): Promise<void> {
  const cluster = await up({ name: `bench-csr-${process.pid}`, kubelet: false, audit: true });
  const requests = new Requests(cluster.kubeconfig);
  const kubeconfig = await prepare(cluster, { features: ["csr"] });
  const start = () =>
    startController({
      kubeconfig,
      folder: cluster.folder,
      config: { features: only({ csr: { instances: "any", maxPending: 100_000 } }) },
    });
  let controller = await start();
  const restart = async (meanwhile: () => Promise<void>): Promise<void> => {
    await controller.stop();
    await meanwhile();
    controller = await start();
  };
  try {
    await requests.letAsk("system:authenticated");
    const rows = await alone(cluster, requests);
    for (const one of floods) rows.push(...(await beside(requests, one, restart)));
    report("csr", rows);
  } finally {
    await controller.stop();
    await requests.close();
    await cluster.down();
  }
}

/** A flood: who asks for what, and what a real one asks for beside it. */
interface Flood {
  what: string;
  signer: string;
  hostile: (index: number) => { who: Identity; pem: () => Promise<string> };
  ask: (requests: Requests, index: number) => Promise<Times>;
}

const floods: Flood[] = [
  {
    what: "by one bootstrapper, for names of nodes that no rule allows",
    signer: client,
    hostile: (index) => ({
      who: bootstrapper,
      pem: () => requestPem({ subject: [{ O: ["system:nodes"] }, { CN: [`system:node:Flood-${index}`] }] }),
    }),
    ask: async (requests, index) => timed(requests, bootstrapper, client, await clientPem(`first-${index}`)),
  },
  {
    what: "by 100 nodes, for another's address",
    signer: serving,
    hostile: (index) => ({ who: nodeIdentity(`flood-${index % 100}`), pem: () => servingPem(`flood-${index % 100}`, "10.66.0.1") }),
    ask: (requests, index) => serve(requests, `second-${index}`, 1_000 + index),
  },
];

async function alone(cluster: Cluster, requests: Requests): Promise<Row[]> {
  const mark = (await cluster.audit?.mark()) ?? 0;
  const times: Times[] = [];
  for (let index = 0; index < single; index += 1) times.push(await serve(requests, `alone-${index}`, index));
  const counts = new Map<string, number>();
  for await (const line of cluster.audit?.lines(mark) ?? []) {
    const { user, verb, objectRef, stage } = eventsOf(line)?.[0] ?? {};
    if (user?.username !== "system:serviceaccount:plimsoll-system:plimsoll" || stage !== "ResponseComplete") continue;
    if (objectRef?.resource === "leases" || verb === "watch") continue;
    const what = `${verb} ${objectRef?.resource}${objectRef?.subresource ? `/${objectRef.subresource}` : ""}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [
    ...figures(`${single} requests one after the other`, times, 200),
    ...Array.from(counts, ([what, count]) => ({ what: `an approval: ${what}`, value: count / single, unit: "requests" })),
  ];
}

async function beside(
  requests: Requests,
  { what, signer, hostile, ask }: Flood,
  restart: (meanwhile: () => Promise<void>) => Promise<void>,
): Promise<Row[]> {
  // A text many times costs as much as many texts: each is read.
  const texts = await Promise.all(Array.from({ length: 100 }, async (_, index) => hostile(index).pem()));
  let sent = 0;
  const send = async (count: number): Promise<void> => {
    const end = sent + count;
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        while (sent < end) {
          const index = sent++;
          await requests.send(hostile(index).who, signer, texts[index % texts.length] ?? "");
        }
      }),
    );
  };
  const during: Times[] = [];
  const sending = send(flood);
  for (let index = 0; index < real; index += 1) during.push(await ask(requests, index));
  const wereSent = sent;
  await sending;
  const after: Times[] = [];
  for (let index = real; index < 2 * real; index += 1) after.push(await ask(requests, index));
  // As many wait when it begins.
  await restart(() => send(flood));
  const begun = await ask(requests, 2 * real);
  return [
    ...figures(`${real} real requests while ${wereSent} of ${flood} are sent ${what}`, during, 1_000),
    ...figures(`${real} real requests once they wait`, after, 1_000),
    ...figures(`a real request when the controller is started with ${2 * flood} waiting, and has to take the Lease`, [begun]),
  ];
}

/** Has a node ask for its certificate; gives the milliseconds until it is there. */
async function serve(requests: Requests, node: string, index: number): Promise<Times> {
  const address = `10.66.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  await requests.node(node, addressesOf(node, address));
  return timed(requests, nodeIdentity(node), serving, await servingPem(node, address));
}

async function timed(requests: Requests, who: Identity, signer: string, pem: string): Promise<Times> {
  const began = performance.now();
  const name = await requests.send(who, signer, pem);
  const taken = performance.now();
  let approved = Infinity;
  for (;;) {
    const { status } = await requests.get(name);
    const now = performance.now();
    if (status?.conditions !== undefined) approved = Math.min(approved, now);
    if (status?.certificate !== undefined) return { sent: taken - began, approved: approved - taken, certified: now - approved };
    if (now - began > 120_000) throw new Error(`the request ${name} has no certificate after 120 s`);
    await sleep(5);
  }
}

/** Milliseconds: until the API server has taken a request, from then until it is approved, and from then until kube-controller-manager has signed it. */
interface Times {
  sent: number;
  approved: number;
  certified: number;
}

function figures(what: string, times: readonly Times[], aim?: number): Row[] {
  const totals = times.map(({ sent, approved, certified }) => sent + approved + certified);
  const approvals = times.map(({ approved }) => approved);
  const aimed = (value: number) => ({ value, unit: "ms", ...(aim !== undefined && { aim: `< ${aim} ms`, reached: value < aim }) });
  const isAlone = aim === 200;
  return [
    { what: `${what}: median from request to certificate`, ...(isAlone ? aimed(median(totals)) : { value: median(totals), unit: "ms" }) },
    { what: "- of this, until the API server has taken it", value: median(times.map(({ sent }) => sent)), unit: "ms" },
    { what: "- until it is approved", ...aimed(median(approvals)) },
    { what: "- until kube-controller-manager has signed it", value: median(times.map(({ certified }) => certified)), unit: "ms" },
    {
      what: "- the longest until it is approved",
      ...(isAlone ? { value: Math.max(...approvals), unit: "ms" } : aimed(Math.max(...approvals))),
    },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
