import { controllerOn, Server } from "@plimsoll/features/rightsizing/testing";
import { Random } from "../random.ts";
import { percentile } from "../table.ts";

/** A round an hour, so that what is known has some days soon; what isn't urgent is written once a day. */
const hour = 60 * 60_000;
const given = { interval: "1h", checkpointInterval: "24h" };
/** Rounds with use that varies, by which recommendations change, and then with use that doesn't. */
const [taught, measured] = [12, 14];
/** Of a policy's, each of a workload of its own: as many as have a place in a status. */
const each = 200;

/** Seconds of CPU for a round: the median of those that write nothing, and of those that write every policy, as something has changed in each. */
export interface RoundCost {
  usual: number;
  writing: number;
}

/** What a whole round takes: reading what metrics.k8s.io says, samples, estimates, recommendations, and statuses with their checkpoints. */
export async function roundCost(containers: number): Promise<RoundCost> {
  const server = new Answering(containers);
  server.answer(false);
  const { stop, retried } = await controllerOn(server, undefined, given);
  const costs: { cpu: number; written: number }[] = [];
  for (let round = 0; round < taught + measured; round += 1) {
    server.answer(round >= taught);
    const [before, written] = [seconds() - server.own, server.written];
    await server.clock.advance(hour);
    costs.push({ cpu: seconds() - server.own - before, written: server.written - written });
  }
  const policies = containers / each;
  await stop();
  if (retried.length > 0) throw new Error(`not all was done: ${retried[0]}`);
  // The first of all recommends anew.
  const median = (some: readonly { cpu: number }[]): number =>
    percentile(
      some.map(({ cpu }) => cpu),
      0.5,
    );
  const unseen = [...server.statuses.values()].flatMap(({ recommendations = [] }) =>
    recommendations.filter(({ samples }) => samples < taught),
  );
  if (unseen.length > 0) throw new Error(`${unseen.length} containers were not sampled in every round`);
  return {
    usual: median(costs.filter(({ written }) => written < policies / 5)),
    writing: median(costs.slice(1).filter(({ written }) => written === policies)),
  };
}

/** Of CPU, that this process has had. */
function seconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Answers, and is told, in JSON, as the API server is. */
class Answering extends Server {
  written = 0;
  /** Seconds of CPU that the API server's part took. */
  own = 0;
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

  /** Makes the answer of metrics.k8s.io for now, of use that varies, or doesn't. */
  answer(isSteady: boolean): void {
    const timestamp = new Date(this.clock.now() + 30_000).toISOString();
    const items = this.#scales.map((scale, index) => {
      const factor = isSteady ? 1 : 0.6 + this.#random.below(1_000) / 1_000;
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

  /** Something that the API server does. */
  #owned<T>(work: () => T): T {
    const before = seconds();
    const done = work();
    this.own += seconds() - before;
    return done;
  }

  override async patch(ref: Parameters<Server["patch"]>[0], body: Parameters<Server["patch"]>[1]): Promise<object> {
    this.written += 1;
    const sent = JSON.stringify(body);
    const read = this.#owned(() => JSON.parse(sent) as typeof body);
    const written = await super.patch(ref, read);
    return JSON.parse(this.#owned(() => JSON.stringify(written))) as object;
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
