import { atoms, atomText, covers, resourceText, type PolicyRule } from "@plimsoll/permissions";
import { updaterRules } from "@plimsoll/updater";
import { generateKeyPairSync, sign } from "node:crypto";
import { beforeAll, expect, test, vi } from "vitest";
import { kubectl } from "./support/kubectl.ts";
import { helm } from "./support/helm.ts";
import { chart, crashing, homeless, withObject, withObjects, withRight, type Chart } from "./updater/charts.ts";
import { site, used, type Site } from "./updater/site.ts";

// Each is several programs, on a machine that is the whole cluster.
vi.setConfig({ maxConcurrency: 3, testTimeout: 900_000 });

const image = (version: string): string => `registry.plimsoll.dev/controller:${version}`;

let first: Chart;
let second: Chart;
let third: Chart;
let adding: Chart;
let growing: Chart;
let demanding: Chart;
let broken: Chart;
beforeAll(async () => {
  [first, second, third, adding, growing, demanding, broken] = await Promise.all([
    chart("0.1.0"),
    chart("0.2.0"),
    chart("0.3.0"),
    chart("0.2.0", withObject),
    chart("0.2.0", withObjects),
    chart("0.2.0", withRight),
    chart("0.2.0", crashing),
  ]);
});

const kinds = "configmaps,serviceaccounts,services,poddisruptionbudgets,networkpolicies,roles,rolebindings,cronjobs,deployments";

const resourceAtoms = (rules: readonly PolicyRule[]) => atoms(rules).filter((atom) => "resource" in atom);

const installed = async (at: Site) => ({ image: await at.image(), revisions: (await at.revisions()).at(-1) });

test.concurrent.for([3, 4] as const)("a release is installed by Helm %i, told, and not a second time", async (version, context) => {
  const at = await site(context);
  await at.install(version, first);
  at.publish([first, second]);
  expect(await at.look({ helm: version })).toMatchObject({ code: 0, stderr: "", steps: ["upgrade", "settle", "end"] });
  expect(await installed(at)).toEqual({ image: image("0.2.0"), revisions: "2 deployed" });
  expect(await at.told()).toMatchObject({ status: "True", reason: "UpToDate" });
  expect((await at.look({ helm: version })).steps).toEqual(["end"]);
  expect(await at.revisions()).toEqual(["1 superseded", "2 deployed"]);
  expect(await at.events()).toEqual(expect.arrayContaining(["Updating", "Updated"]));
  // Others write the status, too: the condition stays, and can be waited for.
  await kubectl("--namespace", at.namespace, "rollout", "restart", "deployment/plimsoll");
  await kubectl("--namespace", at.namespace, "rollout", "status", "deployment/plimsoll", "--timeout=300s");
  await kubectl("--namespace", at.namespace, "wait", "deployment/plimsoll", "--for=condition=plimsoll.dev/Updated", "--timeout=60s");
  expect(await at.refusals()).toEqual([]);
});

test.concurrent("ten releases in a row, installed by Helm 3 and updated by Helm 4", async (context) => {
  const at = await site(context);
  await at.install(3, first, { replicas: 1 });
  const charts = await Promise.all(Array.from({ length: 10 }, (_, index) => chart(`0.1.${index + 1}`)));
  for (const [index] of charts.entries()) {
    at.publish(charts.slice(0, index + 1), { serial: index + 1 });
    expect(await at.look({ helm: 4 })).toMatchObject({ code: 0, steps: ["upgrade", "settle", "end"] });
  }
  expect(await installed(at)).toEqual({ image: image("0.1.10"), revisions: "11 deployed" });
  expect(await at.revisions()).toHaveLength(10);
  expect(await at.refusals()).toEqual([]);
});

test.concurrent(
  "a release that crashes is rolled back, what ran goes on, and it isn't tried again until a newer one comes",
  async (context) => {
    const at = await site(context);
    await at.install(4, first, { autoUpdate: { healthTimeout: "2m" } });
    at.publish([broken]);
    expect(await at.look()).toMatchObject({ code: 0, steps: ["upgrade", "rollback", "settle", "end"] });
    expect(await installed(at)).toEqual({ image: image("0.1.0"), revisions: "3 deployed" });
    expect(await at.told()).toMatchObject({
      status: "False",
      reason: "RolledBack",
      message: expect.stringMatching(/0\.2\.0 didn't work .*(CrashLoopBackOff|exit code 3)/s),
    });
    expect((await at.deployment()).status).toMatchObject({ availableReplicas: 2 });
    expect((await at.look()).steps).toEqual(["end"]);
    expect(await installed(at)).toMatchObject({ revisions: "3 deployed" });
    at.publish([broken, third], { serial: 2 });
    expect((await at.look()).steps).toEqual(["upgrade", "settle", "end"]);
    expect(await at.image()).toBe(image("0.3.0"));
    expect(await at.events()).toEqual(expect.arrayContaining(["Updating", "RollingBack", "RolledBack", "Updated"]));
    expect(await at.refusals()).toEqual([]);
  },
);

test.concurrent.for([3, 4] as const)(
  "a release that asks for more rights waits for somebody, with Helm %i, and nothing is changed",
  async (version, context) => {
    const at = await site(context);
    await at.install(version, first);
    at.publish([demanding]);
    expect(await at.look({ helm: version })).toMatchObject({ code: 0, steps: ["end"] });
    const { reason, message } = (await at.told()) ?? {};
    expect(reason).toBe("NeedsRights");
    expect(message).toContain("+ update pods everywhere");
    expect(message).toContain(`'${at.url}/plimsoll-0.2.0.tgz' &&`);
    expect(message).toMatch(/echo '[0-9a-f]{64}  plimsoll-0\.2\.0\.tgz' \| sha256sum --check &&/);
    expect(message).toContain(`helm upgrade plimsoll 'plimsoll-0.2.0.tgz' --namespace ${at.namespace} --reset-then-reuse-values`);
    at.publish([adding], { serial: 2 });
    await at.look({ helm: version });
    expect(await at.told()).toMatchObject({
      reason: "NeedsRights",
      message: expect.stringContaining(`It adds ConfigMap plimsoll-extra-${at.namespace}.`),
    });
    expect(await installed(at)).toEqual({ image: image("0.1.0"), revisions: "1 deployed" });
    expect(await at.refusals()).toEqual([]);
  },
);

const granted = new Set<string>();

test.concurrent.for([
  [3, 4],
  [4, 4],
] as const)(
  "where it may escalate, a release with an object more of each kind, and one that drops them, come through: Helm %i, then %i",
  async ([installer, version], context) => {
    const at = await site(context);
    await at.install(installer, first, { autoUpdate: { escalate: true }, networkPolicy: { create: true }, dashboard: { create: true } });
    for (const { verb, group, resource } of resourceAtoms(await at.rules())) granted.add(`${verb} ${resourceText({ group, resource })}`);
    at.publish([growing]);
    expect(await at.look({ helm: version })).toMatchObject({ code: 0, steps: ["upgrade", "settle", "end"] });
    const name = `plimsoll-extra-${at.namespace}`;
    const extras = () => kubectl("--namespace", at.namespace, "get", `${kinds},clusterroles,clusterrolebindings`, "--output=name");
    expect((await extras()).split("\n").filter((line) => line.endsWith(name))).toHaveLength(11);
    at.publish([third], { serial: 2 });
    expect(await at.look({ helm: version })).toMatchObject({ code: 0, steps: ["upgrade", "settle", "end"] });
    expect(await extras()).not.toContain(name);
    expect(await installed(at)).toEqual({ image: image("0.3.0"), revisions: "3 deployed" });
    expect(await at.refusals()).toEqual([]);
  },
);

test.concurrent.for([3, 4] as const)(
  "where it may escalate, a release gives the controller a right more, with Helm %i",
  async (version, context) => {
    const at = await site(context);
    await at.install(version, first, { autoUpdate: { escalate: true } });
    at.publish([demanding]);
    expect(await at.look({ helm: version })).toMatchObject({ code: 0, steps: ["upgrade", "settle", "end"] });
    const account = `system:serviceaccount:${at.namespace}:plimsoll`;
    expect(await kubectl("auth", "can-i", "update", "pods", "--as", account)).toBe("yes\n");
    expect(await at.refusals()).toEqual([]);
  },
);

test.concurrent(
  "without the right to escalate, a release that drops an object comes through, and what only a broken one has is taken away again",
  async (context) => {
    const at = await site(context);
    const [full, lean, both] = await Promise.all([chart("0.1.0", withObject), chart("0.2.0"), chart("0.3.0", withObject, crashing)]);
    await at.install(4, full, { autoUpdate: { healthTimeout: "2m" } });
    at.publish([lean]);
    expect(await at.look()).toMatchObject({ code: 0, steps: ["upgrade", "settle", "end"] });
    const names = () => kubectl("--namespace", at.namespace, "get", "configmaps", "--output=name");
    expect(await names()).not.toContain("plimsoll-extra");
    // It still may: the update before has left it that.
    at.publish([both], { serial: 2 });
    expect(await at.look()).toMatchObject({ code: 0, steps: expect.arrayContaining(["upgrade", "rollback", "settle"]) });
    expect(await at.told()).toMatchObject({ reason: "RolledBack" });
    expect(await names()).not.toContain("plimsoll-extra");
    expect(await installed(at)).toMatchObject({ image: image("0.2.0"), revisions: expect.stringMatching(/deployed/) });
  },
);

test.concurrent(
  "what isn't surely the newest list of releases, or the chart that it names, changes nothing and is told",
  async (context) => {
    const at = await site(context);
    await at.install(4, first);
    const told = async (code = 1) => {
      expect(await at.look()).toMatchObject({ code, steps: ["end"] });
      return (await at.told())?.reason;
    };
    expect(await told()).toBe("IndexUnreachable");
    at.publish([second], { key: generateKeyPairSync("ed25519").privateKey });
    expect(await told()).toBe("BadSignature");
    const other = Buffer.from('{"serial": 99}');
    at.serve("/index.json", other);
    at.serve("/index.json.sig", Buffer.from(sign(null, other, at.key).toString("base64")));
    expect(await told()).toBe("BadIndex");
    at.publish([second], { expires: "2026-01-01T00:00:00Z" });
    expect(await told()).toBe("IndexExpired");
    at.publish([second], { serial: 7 });
    at.serve("/plimsoll-0.2.0.tgz", third.bytes);
    expect(await told(0)).toBe("BadChart");
    at.publish([second], { serial: 6 });
    expect(await told()).toBe("IndexTooOld");
    at.serve("/index.json", (request) => void request.socket.destroy());
    expect(await told()).toBe("IndexUnreachable");
    expect(await installed(at)).toEqual({ image: image("0.1.0"), revisions: "1 deployed" });
    expect(await at.refusals()).toEqual([]);
  },
);

test.concurrent.for([
  ["before Helm has written its Secret", undefined],
  ["while Helm is at work", "pending-upgrade"],
  ["when Helm is done", "deployed"],
] as const)("killed %s, the next one takes it up", async ([, status], context) => {
  const at = await site(context);
  await at.install(4, first);
  at.publish([second]);
  const killed = await at.look({ killedWhen: (signal) => (status === undefined ? at.begun(signal) : at.written(2, status, signal)) });
  expect(killed.code).toBe(-1);
  expect(await at.revisions()).toEqual(status === undefined ? ["1 deployed"] : [expect.any(String), `2 ${status}`]);
  const { code, steps } = await at.look();
  expect(code).toBe(0);
  expect(steps).toEqual(
    { none: ["upgrade", "settle", "end"], "pending-upgrade": ["forward", "settle", "end"], deployed: ["settle", "end"] }[status ?? "none"],
  );
  expect(await installed(at)).toEqual({ image: image("0.2.0"), revisions: status === "pending-upgrade" ? "3 deployed" : "2 deployed" });
  expect(await at.told()).toMatchObject({ status: "True", reason: "UpToDate" });
  expect(await at.refusals()).toEqual([]);
});

test.concurrent("two at once install a release once", async (context) => {
  const at = await site(context);
  await at.install(4, first);
  at.publish([second]);
  const both = await Promise.all([at.look(), at.look()]);
  expect(both.flatMap(({ steps }) => steps).filter((step) => step === "upgrade")).toHaveLength(1);
  expect(await at.revisions()).toEqual(["1 superseded", "2 deployed"]);
  expect(await at.refusals()).toEqual([]);
});

test.concurrent("what somebody installs in the midst of an update stays", async (context) => {
  const at = await site(context);
  const [stuck, theirs] = await Promise.all([chart("0.2.0", homeless), chart("0.1.5")]);
  await at.install(4, first);
  at.publish([stuck]);
  const looking = at.look();
  await at.written(2, "deployed", AbortSignal.timeout(300_000));
  const args = ["upgrade", "plimsoll", theirs.file, "--namespace", at.namespace, "--reset-then-reuse-values"];
  expect(await helm(4, args)).toMatchObject({ code: 0 });
  // Their Helm may be at work yet.
  expect((await looking).steps).toEqual(["upgrade", "settle", "end"]);
  expect(await at.look()).toMatchObject({ code: 0, steps: ["end"] });
  expect(await installed(at)).toEqual({ image: image("0.1.5"), revisions: "3 deployed" });
  expect(await at.told()).toMatchObject({ status: "False", reason: "TakenOver" });
  expect(await at.refusals()).toEqual([]);
});

test.concurrent("a dry run says what it would do, and somebody's scaling is not undone", async (context) => {
  const at = await site(context);
  await at.install(4, first);
  at.publish([second]);
  const dry = await at.look({ args: ["--dry-run"] });
  expect(dry).toMatchObject({ code: 0, steps: ["upgrade"] });
  expect(dry.stdout).toContain("0.2.0 would be installed, in place of 0.1.0");
  expect(await at.told()).toBeUndefined();
  await kubectl("--namespace", at.namespace, "scale", "deployment/plimsoll", "--replicas=3");
  await at.look();
  expect(await at.told()).toMatchObject({ reason: "Scaled", message: expect.stringContaining("replicas: null") });
  expect(await installed(at)).toEqual({ image: image("0.1.0"), revisions: "1 deployed" });
});

test.concurrent("a Job past its window begins nothing, and one that somebody has made minds none", async (context) => {
  const at = await site(context);
  await at.install(4, first, { autoUpdate: { window: { duration: "1h" } } });
  at.publish([second]);
  await at.job("late", new Date(Date.now() - 2 * 3_600_000).toISOString());
  await at.look({ args: ["--job", "late"] });
  expect(await at.told()).toMatchObject({ reason: "OutsideWindow" });
  await at.job("by-hand");
  expect(await at.look({ args: ["--job", "by-hand"] })).toMatchObject({ steps: ["upgrade", "settle", "end"] });
});

test.concurrent("what is wrong in its configuration is named, with its line", async (context) => {
  const at = await site(context);
  await at.install(4, first);
  const config = {
    release: "plimsoll",
    namespace: at.namespace,
    index: `${at.url}/index.json`,
    publicKeys: ["no key"],
    constraint: "newest",
    healthTimeout: "soon",
  };
  const { code, stderr } = await at.look({ config });
  expect(code).toBe(2);
  expect(stderr).toMatch(/updater\.yaml:\d+: publicKeys\[0\]: is no public key in PEM/);
  expect(stderr).toMatch(/updater\.yaml:\d+: constraint: must be a range of versions/);
  expect(stderr).toMatch(/updater\.yaml:\d+: healthTimeout: /);
});

test("the updater's roles grant nothing that wasn't used in what is shown here", async () => {
  const seen = await used();
  // The API server asks these in the course of a patch: no log shows them.
  const unlogged = ["escalate", "bind"].flatMap((verb) =>
    ["roles", "clusterroles"].map((kind) => `${verb} ${kind}.rbac.authorization.k8s.io`),
  );
  // A kind is defined but once in the cluster of these tests, and not by a Helm that could do it again. What a watch is done by without
  // streamed lists is proved beside the election (packages/controller/src/core/leader-election.proof.json).
  const unseen = new Set([...unlogged, "list leases.coordination.k8s.io"]);
  expect(granted.size).toBeGreaterThan(30);
  expect([...granted].filter((right) => !seen.has(right) && !unseen.has(right))).toEqual([]);
});

test("the chart grants what the updater declares for its own calls", async (context) => {
  const at = await site(context);
  await at.install(4, first, { autoUpdate: { escalate: true } });
  const role = `plimsoll-updater:${at.namespace}`;
  const declared = updaterRules({ deployments: ["plimsoll"], leases: ["plimsoll"], role, clusterRole: role });
  // Every account may review its own rights.
  const others = covers(await at.rules(), declared).map(atomText);
  expect(others).toEqual(["create selfsubjectrulesreviews.authorization.k8s.io"]);
});
