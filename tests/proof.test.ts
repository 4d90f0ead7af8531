import { crds, sparkCrds } from "@plimsoll/api";
import { features, parts } from "@plimsoll/controller";
import { roles } from "@plimsoll/controller/roles";
import { configuredRules } from "@plimsoll/features/configured-rules";
import type { Feature } from "@plimsoll/features/feature";
import { up, type AuditLog, type Cluster } from "@plimsoll/cluster";
import { Transport } from "@plimsoll/kube";
import { atoms, atomText, type Atom } from "@plimsoll/permissions";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { only, prepare, startController } from "../scripts/local-controller.ts";
import { accountOf } from "./proof/account.ts";
import { askedBy, exampleOf, idle, needs, type Asked } from "./proof/evidence.ts";
import { scenarios as draining } from "./proof/draining.ts";
import { events, scenarios as eventsScenarios } from "./proof/events.ts";
import { scenarios as inventory } from "./proof/inventory.ts";
import { leaderElection, scenarios as leaderElectionScenarios } from "./proof/leader-election.ts";
import { scenarios as cleanup } from "./proof/cleanup.ts";
import { scenarios as csr } from "./proof/csr.ts";
import { scenarios as pipelines } from "./proof/pipelines.ts";
import { applications, scenariosFor, scheduledKinds, type Scheduled } from "./proof/scheduled-kinds.ts";
import { scenarios as resizing } from "./proof/resizing.ts";
import { scenarios as rightsizing } from "./proof/rightsizing.ts";
import { scenarios as schedules } from "./proof/schedules.ts";
import { scenariosFor as stepScenariosFor } from "./proof/made-kinds.ts";
import { scenarios as spark } from "./proof/spark.ts";
import { scenarios as vpa } from "./proof/vpa.ts";
import { scenarios as workloads } from "./proof/workloads.ts";
import { missOf, play, type Miss } from "./proof/play.ts";
import type { Scenario } from "./proof/scenario.ts";
import { vpaCrds } from "./support/autoscalers.ts";
import { place, simulated } from "./support/cluster.ts";
import { kubectlOf } from "./support/kubectl.ts";

/** A part without scenarios has no proof, and fails. */
const scenariosOf: Record<string, readonly Scenario[]> = {
  "leader-election": leaderElectionScenarios,
  events: eventsScenarios,
  pipelines,
  schedules,
  inventory,
  draining,
  cleanup,
  csr,
  spark,
  workloads,
  rightsizing,
  resizing,
  vpa,
};

/** What plays the parts that are no features. */
const players: Record<string, Feature> = { "leader-election": leaderElection, events };

function playerOf(name: string): Feature {
  const player = players[name] ?? features.find((feature) => feature.name === name);
  if (player === undefined) throw new Error(`nothing plays ${name}`);
  return player;
}

let cluster: Cluster;
let audit: AuditLog;
let transport: Transport;

beforeAll(async () => {
  cluster = await up({ name: `proof-${process.pid}`, simulatedNodes: 2, audit: true });
  if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
  audit = cluster.audit;
  await prepare(cluster, { crds: [...crds(), ...sparkCrds(), ...(await vpaCrds())] });
  transport = Transport.fromKubeconfig(cluster.kubeconfig, { userAgent: "proof" });
});
afterAll(async () => {
  await transport.close();
  await cluster.down();
});

describe.each(parts)("the permissions of $name", (part) => {
  const { name, rules } = part;
  const feature = playerOf(name);
  // What every process does beside its features is granted also without any.
  const { isClusterWide } = feature;
  const granted = { features: name in players ? [] : [name], isolation: name in players ? ("shared" as const) : ("feature" as const) };
  const scenarios = scenariosOf[name] ?? [];
  const declared = atoms(rules);
  /** What was asked for in each scenario, and how many seconds it took beside the others. */
  const asked = new Map<Scenario, Asked[]>();
  const took = new Map<Scenario, number>();
  const missed = new Map<Atom, Miss>();
  const proving = (atom: Atom): Scenario[] => scenarios.filter(({ proves }) => proves.includes(atomText(atom)));

  /** Plays a scenario in a namespace of its own, as an account of its own; gives what was asked for. */
  async function baseline(scenario: Scenario, own: string, namespaces: string[] | undefined): Promise<Asked[]> {
    const where = await place(cluster.kubeconfig, own);
    const account = await accountOf(transport, { ...granted, namespaces, namespace: own });
    const mark = await audit.mark();
    await play({ feature, scenario, place: where, account, namespace: namespaces?.[0], seconds: 120 });
    return askedBy(audit, account.user, mark);
  }

  test.each(scenarios)("$name, in the whole cluster: $shows", async (scenario) => {
    const started = Date.now();
    const found = await baseline(scenario, scenario.name, undefined);
    expect(found.filter(({ refused }) => refused)).toEqual([]);
    asked.set(scenario, found);
    took.set(scenario, (Date.now() - started) / 1000);
  });

  test.concurrent.each(isClusterWide ? [] : scenarios)("$name, with Roles in one namespace: $shows", async (scenario) => {
    const started = Date.now();
    const found = await baseline(scenario, `${scenario.name}-alone`, [`${scenario.name}-alone`]);
    expect(found.filter(({ refused }) => refused)).toEqual([]);
    took.set(scenario, (Date.now() - started) / 1000);
  });

  test("every atom that is declared was used, and has the one scenario that is its proof", () => {
    expect(idle(rules, [...asked.values()].flat())).toEqual([]);
    expect(scenarios.flatMap(({ proves }) => proves).sort()).toEqual(declared.map(atomText).sort());
  });

  test.each(declared.map((atom, index) => ({ atom, own: `${name}-without-${index}`, what: atomText(atom) })))(
    "without $what, its scenario fails",
    // Who works on the whole cluster would do another's work there.
    { concurrent: !isClusterWide, timeout: 900_000 },
    async ({ atom, own }) => {
      const where = await place(cluster.kubeconfig, own);
      const namespaces = isClusterWide ? undefined : [own];
      const account = await accountOf(transport, { ...granted, namespaces, namespace: own }, atom);
      const mark = await audit.mark();
      for (const scenario of proving(atom)) {
        // Far longer than it takes with the atom on this machine, with others at work beside it; less once the atom was missed.
        const needed = took.get(scenario) ?? 0;
        const [seconds, grace] = [Math.max(15, 5 * needed), Math.max(3, 2 * needed)];
        const miss = await missOf({ feature, scenario, place: where, account, namespace: namespaces?.[0], seconds, grace });
        if (miss) missed.set(atom, miss);
      }
      expect(missed.get(atom), "all went as expected").toBeDefined();
      const refused = (await askedBy(audit, account.user, mark)).filter(({ refused }) => refused);
      expect(
        refused.map(({ line }) => line),
        "the atom was not asked for",
      ).not.toEqual([]);
      // What failed, failed for want of the atom.
      expect(refused.filter((one) => !needs(one, atom))).toEqual([]);
    },
  );

  test("the proof is the one that is checked in", async () => {
    const rows = declared.flatMap((atom) =>
      proving(atom).map((scenario) => {
        const [request, fails] = [exampleOf(atom, asked.get(scenario) ?? []), missed.get(atom)?.expected];
        if (request === undefined || fails === undefined)
          throw new Error(`${atomText(atom)} has no proof: its scenarios must have been played, with and without it`);
        return { atom: atomText(atom), scenario: scenario.name, shows: scenario.shows, request, fails };
      }),
    );
    const file = name in players ? `controller/src/core/${name}.proof.json` : `features/${name}/proof.json`;
    await expect(`${JSON.stringify(rows, null, 2)}\n`).toMatchFileSnapshot(`../packages/${file}`);
  });
});

describe.each([
  { name: "schedules", scenariosOfKind: scenariosFor },
  { name: "pipelines", scenariosOfKind: stepScenariosFor },
])("the permissions that further kinds of $name add", ({ name, scenariosOfKind }) => {
  const missIn = async (
    kind: Scheduled,
    index: number,
    own: string,
    without?: Atom,
  ): Promise<{ asked: Asked[]; miss: Miss | undefined }> => {
    const [where, config] = [await place(cluster.kubeconfig, own), { [name]: { kinds: [kind.config] } }];
    const options = { features: [name], isolation: "feature" as const, config, namespaces: [own], namespace: own };
    const account = await accountOf(transport, options, without);
    const scenario = scenariosOfKind(kind, cluster.kubeconfig)[index];
    if (scenario === undefined) throw new Error(`there is no scenario ${index}`);
    const mark = await audit.mark();
    // Less once the atom was missed.
    const wanting = without === undefined ? {} : { grace: 20 };
    const performed = { feature: playerOf(name), scenario, place: where, account, namespace: own, seconds: 120, ...wanting };
    const miss = await missOf(performed);
    return { asked: await askedBy(audit, account.user, mark), miss };
  };

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "plimsoll-proof-"));
    await writeFile(join(folder, "kind.json"), JSON.stringify(applications));
    const kubectl = kubectlOf(cluster.kubeconfig);
    await kubectl("apply", "-f", join(folder, "kind.json"));
    await kubectl("wait", "--for=condition=Established", "--timeout=120s", `crd/${applications.metadata.name}`);
    await rm(folder, { recursive: true });
  });

  test.concurrent("objects of a kind are made, found and deleted with them, and nothing else of them is asked for", async () => {
    const played = await Promise.all([
      ...[0, 1, 2].map((index) => missIn(scheduledKinds.SparkApplication, index, `${name}-kinds-${index}`)),
      missIn(scheduledKinds.Job, 0, `${name}-kinds-job`),
    ]);
    expect(played.map(({ miss }) => miss)).toEqual([undefined, undefined, undefined, undefined]);
    expect(played.flatMap(({ asked }) => asked.filter(({ refused }) => refused))).toEqual([]);
    const feature = features.find((feature) => feature.name === name);
    const rules = configuredRules(feature ?? { name: "" }, { kinds: [scheduledKinds.SparkApplication.config] });
    expect(rules.flatMap(({ verbs }) => verbs).sort()).toEqual(["create", "delete", "get", "list", "watch"]);
    expect(
      idle(
        rules,
        played.flatMap(({ asked }) => asked),
      ),
    ).toEqual([]);
  });

  test.concurrent.each([
    ["watch", 0],
    ["create", 0],
    ["delete", 0],
    ["list", 1],
    ["get", 2],
  ] as const)("without %s, its scenario fails", async (verb, index) => {
    const atom = { verb, group: "example.dev", resource: "sparkapplications" };
    const { asked, miss } = await missIn(scheduledKinds.SparkApplication, index, `${name}-kinds-without-${verb}`, atom);
    expect(miss, "all went as expected").toBeDefined();
    const refused = asked.filter(({ refused }) => refused);
    expect(refused).not.toEqual([]);
    expect(refused.filter((one) => !needs(one, atom))).toEqual([]);
  });
});

test("a run whose Pipeline may not be read says so, and waits", async () => {
  const where = await place(cluster.kubeconfig, "unreadable");
  const reading: Atom = { verb: "get", group: "plimsoll.dev", resource: "pipelines" };
  const account = await accountOf(
    transport,
    { features: ["pipelines"], isolation: "feature", namespaces: ["unreadable"], namespace: "unreadable" },
    reading,
  );
  const waits: Scenario["play"] = async ({ begin, start, until }) => {
    await begin();
    await start(undefined, { name: "run", pipelineRef: { name: "p" } });
    await until(
      "run",
      ({ status }) => status?.phase === "Pending" && /^the Pipeline "p" can't be read: .*forbidden/.test(status.message ?? ""),
    );
  };
  await expect(
    play({
      feature: playerOf("pipelines"),
      place: where,
      account,
      namespace: "unreadable",
      seconds: 120,
      scenario: { name: "unreadable", shows: "", proves: [], play: waits },
    }),
  ).resolves.toBeUndefined();
});

test("Spark applications that the Spark operator runs are counted with the rights to see them alone, and nothing is done to them", async () => {
  const own = "spark-by-operator";
  const where = await place(cluster.kubeconfig, own);
  const settings = { mode: "operator" };
  const options = { features: ["spark"], isolation: "feature" as const, config: { spark: settings }, namespaces: [own], namespace: own };
  const account = await accountOf(transport, options);
  const mark = await audit.mark();
  const counts: Scenario["play"] = async ({ client, namespace, begin, metrics }) => {
    const spec = {
      type: "Python",
      sparkVersion: "4.3.0",
      image: "spark",
      driver: { ...simulated, serviceAccount: "default" },
      executor: {},
    };
    const { metadata } = await client("sparkapplications.sparkoperator.k8s.io").create({ metadata: { namespace, name: "pi" }, spec });
    await begin(settings);
    await expect.poll(metrics).toContain('plimsoll_spark_applications{state="NEW"} 1\n');
    const { metadata: after } = await client("sparkapplications.sparkoperator.k8s.io").get({ namespace, name: "pi" });
    expect(after.resourceVersion).toBe(metadata.resourceVersion);
  };
  const scenario = { name: own, shows: "", proves: [], play: counts };
  await play({ feature: playerOf("spark"), place: where, account, namespace: own, seconds: 120, scenario });
  const found = await askedBy(audit, account.user, mark);
  expect(found.filter(({ refused }) => refused)).toEqual([]);
  const granted = roles(options).flatMap((object) => ("rules" in object ? (object.rules ?? []) : []));
  const texts = atoms(granted).map(atomText);
  expect(texts.filter((text) => !text.includes("leases"))).toEqual([
    "list sparkapplications.sparkoperator.k8s.io",
    "watch sparkapplications.sparkoperator.k8s.io",
  ]);
});

// Last: what it leaves in a namespace that is not its own, a feature that works in all of them would take up.
test("isolated and with namespaces in its configuration, the program holds Roles in these, watches these alone, and leaves the others' runs", async () => {
  const [one, two, other] = await Promise.all(["one", "two", "other"].map((name) => place(cluster.kubeconfig, name)));
  const account = "plimsoll-pipelines";
  const options = { namespaces: ["one", "two"], namespace: "plimsoll-held", isolation: "feature" as const, account };
  const controller = await startController({
    kubeconfig: await prepare(cluster, options),
    folder: cluster.folder,
    config: { namespaces: options.namespaces, leaderElection: { lease: account }, features: only({ pipelines: {} }) },
  });
  const mark = await audit.mark();
  for (const where of [other, one, two])
    await where?.start({ pod: simulated, steps: [{ name: "greet", image: "busybox", command: ["true"] }] }, { name: "run" });
  for (const where of [one, two]) expect((await where?.ended("run"))?.status?.phase).toBe("Succeeded");
  await controller.stop();
  expect((await other?.client("pipelineruns.plimsoll.dev").get({ namespace: "other", name: "run" }))?.status).toBeUndefined();
  // With Roles alone, what would have been asked for beyond these namespaces is refused.
  const found = await askedBy(audit, `system:serviceaccount:plimsoll-held:${account}`, mark);
  expect(found.length).toBeGreaterThan(4);
  expect(found.filter(({ refused }) => refused)).toEqual([]);
});
