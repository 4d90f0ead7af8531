import { features } from "@plimsoll/controller";
import { up, type AuditLog, type Cluster } from "@plimsoll/cluster";
import { loadTransport, type Transport } from "@plimsoll/kube";
import { atoms, atomText, grants, ruleOf, type Atom } from "@plimsoll/permissions";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepare, startController } from "../scripts/local-controller.ts";
import { accountOf } from "./proof/account.ts";
import { askedBy, exampleOf, idle, type Asked } from "./proof/evidence.ts";
import { scenarios as pipelines } from "./proof/pipelines.ts";
import { play, type Miss } from "./proof/play.ts";
import type { Scenario } from "./proof/scenario.ts";
import { place, simulated } from "./support/cluster.ts";

/** A feature without scenarios has no proof, and fails. */
const scenariosOf: Record<string, readonly Scenario[]> = { pipelines };

let cluster: Cluster;
let audit: AuditLog;
let transport: Transport;

beforeAll(async () => {
  cluster = await up({ name: `proof-${process.pid}`, simulatedNodes: 2, audit: true });
  if (cluster.audit === undefined) throw new Error("the cluster has no audit log");
  audit = cluster.audit;
  await prepare(cluster);
  transport = await loadTransport({ kubeconfig: cluster.kubeconfig, userAgent: "proof" });
});
afterAll(async () => {
  await transport.close();
  await cluster.down();
});

describe.each(features.map((feature) => ({ feature, name: feature.name })))("the permissions of $name", ({ feature, name }) => {
  const scenarios = scenariosOf[name] ?? [];
  const declared = atoms(feature.rules);
  /** What was asked for in each scenario, and what fails without each atom. */
  const asked = new Map<Scenario, Asked[]>();
  const missed = new Map<Atom, Miss>();
  const proving = (what: string): Scenario[] => scenarios.filter(({ proves }) => proves.includes(what));

  test.each(scenarios)("$name, in the whole cluster: $shows", async (scenario) => {
    const where = await place(cluster.kubeconfig, scenario.name);
    const account = await accountOf(transport, { features: [name], isolation: "feature", namespace: scenario.name });
    const mark = await audit.mark();
    expect(await play({ feature, scenario, place: where, account, namespace: undefined, seconds: 60 })).toBeUndefined();
    const requests = await askedBy(audit, account.user, mark);
    expect(requests.filter(({ refused }) => refused)).toEqual([]);
    asked.set(scenario, requests);
  });

  test.concurrent.each(scenarios)("$name, with Roles in one namespace: $shows", async (scenario) => {
    const own = `${scenario.name}-alone`;
    const where = await place(cluster.kubeconfig, own);
    const account = await accountOf(transport, { features: [name], isolation: "feature", namespaces: [own], namespace: own });
    const mark = await audit.mark();
    expect(await play({ feature, scenario, place: where, account, namespace: own, seconds: 60 })).toBeUndefined();
    const requests = await askedBy(audit, account.user, mark);
    expect(requests.filter(({ refused, request }) => refused || request.namespace !== own)).toEqual([]);
  });

  test("every atom that is declared was used, and has the one scenario that is its proof", () => {
    expect(idle(feature.rules, [...asked.values()].flat())).toEqual([]);
    expect(scenarios.flatMap(({ proves }) => proves).sort()).toEqual(declared.map(atomText).sort());
  });

  test.concurrent.each(declared.map((atom) => ({ atom, what: atomText(atom) })))("without $what, its scenario fails", async ({ atom, what }) => {
    const own = `without-${what.replaceAll(/[^a-z]+/g, "-")}`;
    const where = await place(cluster.kubeconfig, own);
    const account = await accountOf(transport, { features: [name], isolation: "feature", namespaces: [own], namespace: own }, atom);
    const mark = await audit.mark();
    for (const scenario of proving(what)) {
      const miss = await play({ feature, scenario, place: where, account, namespace: own, seconds: 10 });
      if (miss) missed.set(atom, miss);
    }
    expect(missed.get(atom), "all went as expected").toBeDefined();
    const refused = (await askedBy(audit, account.user, mark)).filter(({ refused }) => refused);
    expect(refused.map(({ line }) => line), "the atom was not asked for").not.toEqual([]);
    // What failed, failed for want of the atom.
    expect(refused.filter(({ request }) => !grants([ruleOf(atom)], request))).toEqual([]);
  });

  test("the proof is the one that is checked in", async () => {
    const rows = declared.flatMap((atom) =>
      proving(atomText(atom)).map((scenario) => ({
        atom: atomText(atom),
        scenario: scenario.name,
        shows: scenario.shows,
        request: exampleOf(atom, asked.get(scenario) ?? []),
        fails: missed.get(atom)?.expected,
      })),
    );
    await expect(`${JSON.stringify(rows, null, 2)}\n`).toMatchFileSnapshot(`../packages/features/${name}/proof.json`);
  });
});

// Last: what it leaves in a namespace that is not its own, a feature that works in all of them would take up.
test("with --namespaces the program holds Roles in these, watches these alone, and leaves the others' runs", async () => {
  const [one, two, other] = await Promise.all(["one", "two", "other"].map((name) => place(cluster.kubeconfig, name)));
  const options = { namespaces: ["one", "two"], namespace: "plimsoll-held" };
  const controller = await startController({ kubeconfig: await prepare(cluster, options), folder: cluster.folder, args: ["--namespaces", "one,two"] });
  const mark = await audit.mark();
  for (const where of [other, one, two]) await where?.start({ pod: simulated, steps: [{ name: "greet", image: "busybox", command: ["true"] }] }, { name: "run" });
  for (const where of [one, two]) expect((await where?.ended("run"))?.status?.phase).toBe("Succeeded");
  await controller.stop();
  expect((await other?.client("pipelineruns.plimsoll.dev").get({ namespace: "other", name: "run" }))?.status).toBeUndefined();
  const requests = await askedBy(audit, "system:serviceaccount:plimsoll-held:plimsoll", mark);
  expect(requests.length).toBeGreaterThan(4);
  expect(requests.filter(({ refused, request }) => refused || !options.namespaces.includes(request.namespace ?? ""))).toEqual([]);
});
