import { Cache, gate, messageOf, Transport } from "@plimsoll/kube";
import { settled } from "../../engine/measure.ts";
import { Succession } from "../../engine/succession.ts";
import type { Load } from "../../loads.ts";
import { usageOf } from "../../process.ts";
import { userAgent, type Testbed } from "../../testbed.ts";
import { asTekton, pipelineRuns, type TektonRun } from "./load.ts";

/** What a load took of Tekton. */
export interface TektonMeasured {
  /** Seconds from the first request until every run was seen to have ended. */
  wall: number;
  requests: number;
  /** "USER VERB RESOURCE" → requests. */
  byKind: Map<string, number>;
  /** Milliseconds from the last end of the pods that a step waited for to the creation of its own. */
  latencies: number[];
  /** Milliseconds of the controller's CPU. */
  cpu: number;
  /** Of the controller, in MB. */
  peakRss: number;
}

const { declare, allow } = gate({ "pipelineruns.tekton.dev": pipelineRuns });
const permissions = declare("bench", [allow(["list", "watch", "create"], "pipelineruns.tekton.dev", "to put the load on and see it end")]);

/** Carries a load out on a testbed where Tekton's controller, of this process id, is at work. */
export async function measureTekton({ cluster, audit }: Testbed, pid: number, load: Load): Promise<TektonMeasured> {
  const transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent });
  try {
    const before = usageOf(pid);
    const mark = await audit.mark();
    const wall = await carryOut(transport, load);
    await settled(audit, load.namespace);
    const after = usageOf(pid);
    const byKind = new Map<string, number>();
    const succession = new Succession(load.pipeline);
    let requests = 0;
    for await (const { namespace, stage, verb, ...event } of audit.since(mark)) {
      if (namespace !== load.namespace || stage !== "ResponseComplete" || verb === "watch" || event.userAgent.startsWith(userAgent))
        continue;
      const kind = `${verb} ${event.resource}${event.subresource ? `/${event.subresource}` : ""}`;
      const who = `${event.user.replace(/^.*:/, "")} ${kind}`;
      requests += 1;
      byKind.set(who, (byKind.get(who) ?? 0) + 1);
      // RUN-STEP-pod
      const name = event.name.replace(/-([^-]+)-pod$/, "--$1--1");
      if (kind === "create pods") succession.created(name, Date.parse(event.received));
      if (kind === "patch pods/status" && event.user === "plimsoll:kwok") succession.ended(name, Date.parse(event.at));
    }
    return { wall, requests, byKind, latencies: succession.latencies(), cpu: after.cpu - before.cpu, peakRss: after.peakRss };
  } finally {
    await transport.close();
  }
}

async function carryOut(transport: Transport, load: Load): Promise<number> {
  const client = permissions.client(transport)("pipelineruns.tekton.dev");
  const runs = asTekton(load);
  const end = new AbortController();
  const done = Promise.withResolvers<void>();
  const ended = new Set<string>();
  const cache = new Cache(client, {
    project: ({ metadata, status }: TektonRun) => ({
      name: metadata?.name ?? "",
      succeeded: status?.conditions?.find(({ type }) => type === "Succeeded"),
    }),
    select: { namespace: load.namespace },
    onError: (error) => console.error(messageOf(error)),
  });
  cache.on((event) => {
    if (event.type === "delete") return;
    const { name, succeeded } = event.object;
    if (succeeded?.status === "False") done.reject(new Error(`${load.namespace}/${name} failed: ${succeeded.message}`));
    if (succeeded?.status === "True") ended.add(name);
    if (ended.size === runs.length) done.resolve();
  });
  const late = (): void => done.reject(new Error(`only ${ended.size} of ${runs.length} runs have ended after 15 minutes`));
  const timer = setTimeout(late, 15 * 60_000);
  const started = performance.now();
  const watching = cache.start(end.signal);
  try {
    await Promise.all([done.promise, ...runs.map((run) => client.create(run))]);
    return (performance.now() - started) / 1000;
  } finally {
    clearTimeout(timer);
    end.abort();
    await watching;
  }
}
