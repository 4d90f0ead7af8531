import { controllerOn, Server } from "@plimsoll/features/rightsizing/testing";
import { Random } from "../random.ts";
import { percentile } from "../table.ts";

/** A round an hour, so that a history of days is soon had; what isn't urgent is written twice a day. */
const hour = 60 * 60_000;
const given = { interval: "1h", checkpointInterval: "12h" };
const [taught, measured] = [26, 13];
/** Of a policy's, each of a workload of its own: as many as have a place in a status. */
const each = 200;

/** Seconds of CPU for a round: the median of those that write nothing, and the most of those that write what has waited. */
export interface RoundCost {
  usual: number;
  writing: number;
  /** Of each container, it was sampled in every round. */
  samples: number;
}

/** What a whole round takes: reading what metrics.k8s.io says, samples, estimates, recommendations, and statuses with their checkpoints. */
export async function roundCost(containers: number): Promise<RoundCost> {
  const server = new Answering(containers);
  server.answer();
  const { stop, retried } = await controllerOn(server, undefined, given);
  const costs: { cpu: number; written: number }[] = [];
  for (let round = 0; round < taught + measured; round += 1) {
    server.answer();
    const [before, written] = [process.cpuUsage(), server.written];
    await server.clock.advance(hour);
    const { user, system } = process.cpuUsage(before);
    costs.push({ cpu: (user + system) / 1e6, written: server.written - written });
  }
  await stop();
  if (retried.length > 0) throw new Error(`not all was done: ${retried[0]}`);
  if (process.env.DEBUG) console.log(costs.map(({ cpu, written }) => `${cpu.toFixed(2)}/${written}`).join(" "));
  const later = costs.slice(taught);
  const cpu = (some: typeof later): number[] => some.map((one) => one.cpu);
  return {
    usual: percentile(cpu(later.filter(({ written }) => written < containers / each / 10)), 0.5),
    writing: Math.max(...cpu(later.filter(({ written }) => written >= containers / each / 10))),
    samples: Math.min(
      ...[...server.statuses.values()].flatMap(({ recommendations = [] }) => recommendations.map(({ samples }) => samples)),
    ),
  };
}

/** Answers, and is told, in JSON, as the API server is. */
class Answering extends Server {
  written = 0;
  readonly #scales: readonly number[];
  readonly #random = new Random(20);
  #answer = "";

  constructor(containers: number) {
    const names = Array.from({ length: containers }, (_, index) => ({ namespace: `n${Math.floor(index / each)}`, name: `web-${index}` }));
    super(
      {
        "rightsizingpolicies.plimsoll.dev": Array.from({ length: containers / each }, (_, index) => policyOf(`n${index}`)),
        "replicasets.apps": names.map(({ namespace, name }) => ({
          metadata: owned({ namespace, name: `${name}-rs` }, "Deployment", name),
        })),
        pods: names.map(podOf),
      },
      () => ({}),
    );
    this.#scales = names.map(() => 10 ** (1 + this.#random.below(300) / 100));
  }

  /** Makes the answer of metrics.k8s.io for now. */
  answer(): void {
    const timestamp = new Date(this.clock.now() + 30_000).toISOString();
    const items = this.#scales.map((scale, index) => {
      const factor = 0.6 + this.#random.below(1_000) / 1_000;
      const usage = { cpu: `${Math.round(scale * factor * 1e6)}n`, memory: `${Math.round(scale * 300 * (1 + factor / 10))}Ki` };
      const metadata = {
        name: `web-${index}`,
        namespace: `n${Math.floor(index / each)}`,
        creationTimestamp: timestamp,
        labels: { app: "web" },
      };
      return { metadata, timestamp, window: "15.12s", containers: [{ name: "app", usage }] };
    });
    this.#answer = JSON.stringify({ kind: "PodMetricsList", apiVersion: "metrics.k8s.io/v1beta1", metadata: {}, items });
  }

  override async *list(): AsyncGenerator<object> {
    yield* (JSON.parse(this.#answer) as { items: object[] }).items;
  }

  override async patch(ref: Parameters<Server["patch"]>[0], body: Parameters<Server["patch"]>[1]): Promise<object> {
    this.written += 1;
    const sent = JSON.stringify(body);
    return JSON.parse(JSON.stringify(await super.patch(ref, JSON.parse(sent) as typeof body))) as object;
  }
}

const metadataOf = (of: { namespace: string; name: string }) => ({
  ...of,
  uid: `${of.namespace}/${of.name}`,
  resourceVersion: "1",
  generation: 1,
  creationTimestamp: "2026-11-28T11:00:00Z",
});

function owned(of: { namespace: string; name: string }, kind: string, name: string) {
  const owner = { apiVersion: "apps/v1", kind, name, uid: `${of.namespace}/${name}`, controller: true };
  return { ...metadataOf(of), ownerReferences: [owner] };
}

const policyOf = (name: string) => ({ metadata: metadataOf({ namespace: name, name }), spec: {} });

function podOf({ namespace, name }: { namespace: string; name: string }) {
  const resources = { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "4Gi" } };
  return {
    metadata: { ...owned({ namespace, name }, "ReplicaSet", `${name}-rs`), labels: { app: "web" } },
    spec: { containers: [{ name: "app", resources }] },
    status: { phase: "Running" },
  };
}
