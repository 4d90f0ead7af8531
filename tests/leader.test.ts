import { leaderPermissions, Transport } from "@plimsoll/kube";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { untilAllowed } from "../bench/reviews.ts";
import { programOf } from "../scripts/programs.ts";
import { place } from "./support/cluster.ts";

const program = programOf("leaderCandidate");
/** By default, in milliseconds. */
const usual = { leaseDuration: 15_000, renewDeadline: 10_000 };
/** So long that none runs out in a test. */
const long = { leaseDuration: 300_000, renewDeadline: 200_000, retryPeriod: 2_000 };

interface Told {
  event: string;
  /** Milliseconds since 1970. */
  at: number;
  message?: string;
  leader?: string;

  asked?: number;
}

/** A namespace in which candidates may do what is declared, and count. */
async function arena(durations: Partial<typeof long> = {}) {
  const { namespace, kubeconfig, client } = await place();
  const admin = Transport.fromKubeconfig(kubeconfig, { userAgent: "tests" });
  onTestFinished(() => admin.close());
  const user = `candidate-${namespace}`;
  const metadata = { name: "candidate", namespace };
  const rules = [
    ...leaderPermissions("election").rules,
    { apiGroups: [""], resources: ["configmaps"], resourceNames: ["counts"], verbs: ["patch"] },
  ].map(({ apiGroups, resources, verbs, ...rest }) => ({
    apiGroups,
    resources,
    verbs,
    ...("resourceNames" in rest && { resourceNames: rest.resourceNames }),
  }));
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const subjects = [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: user }];
  const roleRef = { kind: "Role", apiGroup: "rbac.authorization.k8s.io", name: "candidate" };
  await admin.request({ method: "POST", path: `${path}/roles`, body: { metadata, rules } });
  await admin.request({ method: "POST", path: `${path}/rolebindings`, body: { metadata, subjects, roleRef } });
  await client("configmaps").create({ metadata: { name: "counts", namespace } });
  await untilAllowed(admin, user, { verb: "patch", group: "", resource: "configmaps", name: "counts", namespace });

  const folder = mkdtempSync(join(tmpdir(), "plimsoll-leader-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const own = join(folder, "kubeconfig");
  const config = parse(readFileSync(kubeconfig, "utf8")) as { users: { name: string; user: object }[] };
  const users = config.users.map(({ name, user: credentials }) => ({ name, user: { ...credentials, as: user } }));
  writeFileSync(own, JSON.stringify({ ...config, users }), { mode: 0o600 });

  return {
    candidate: (identity: string) => candidate(identity, [own, namespace, identity, JSON.stringify(durations)]),
    lease: () => admin.request<Lease>({ method: "GET", path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/election` }),
    /** What a candidate has counted, as the API server has it. */
    count: async (identity: string) => {
      const [counts] = await Array.fromAsync(client("configmaps").list({ namespace, fieldSelector: "metadata.name=counts" }));
      return Number(counts?.data?.[identity]);
    },
  };
}

function candidate(identity: string, args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const told: Told[] = [];
  if (child.stdout) createInterface(child.stdout).on("line", (line) => told.push(JSON.parse(line)));
  const of = (event: string) => told.find((one) => one.event === event);
  return {
    told,
    of,
    /** Waits until it has told of an event, and gives that. */
    async until(event: string): Promise<Told> {
      await expect.poll(() => of(event), { message: `${identity}: ${event}` }).toBeDefined();
      return of(event) ?? { event, at: Number.NaN };
    },
    signal: (name: NodeJS.Signals) => child.kill(name),
    ended,
  };
}

test("a lease that is released is another's at once, long before it has run out", async () => {
  const { candidate, lease, count } = await arena(long);
  const first = candidate("first");
  await first.until("wrote");
  expect((await lease()).spec).toMatchObject({ holderIdentity: "first", leaseDurationSeconds: 300, leaseTransitions: 0 });
  const second = candidate("second");
  expect(await second.until("leader")).toMatchObject({ leader: "first" });
  first.signal("SIGTERM");
  const { asked = Number.NaN } = await first.until("released");
  const elected = await second.until("elected");
  console.log(`takeover after a release: ${elected.at - asked} ms`);
  expect(elected.leader).toBe("second");
  expect(elected.at).toBeGreaterThanOrEqual(asked);
  expect(elected.at - asked).toBeLessThan(long.leaseDuration - long.renewDeadline);
  expect(await first.ended).toEqual([0, null]);
  await second.until("wrote");
  const counted = await count("first");
  expect(counted).toBeGreaterThan(0);
  expect((await lease()).spec).toMatchObject({ holderIdentity: "second", leaseTransitions: 1 });
  second.signal("SIGTERM");
  expect(await second.ended).toEqual([0, null]);
  expect((await lease()).spec).toMatchObject({ holderIdentity: "" });
  // What is declared is enough for all this, and nobody lost anything.
  expect([...first.told, ...second.told].filter(({ event }) => ["error", "lost", "fenced"].includes(event))).toEqual([]);
  expect(await count("first")).toBe(counted);
});

test("the lease of a holder that was killed is another's when it has run out", async () => {
  const { candidate, lease } = await arena();
  const first = candidate("first");
  await first.until("wrote");
  expect((await lease()).spec).toMatchObject({ holderIdentity: "first", leaseDurationSeconds: 15, leaseTransitions: 0 });
  const second = candidate("second");
  await second.until("leader");
  const killed = Date.now();
  first.signal("SIGKILL");
  const elected = await second.until("elected");
  console.log(`takeover after SIGKILL: ${elected.at - killed} ms, of a lease of ${usual.leaseDuration} ms`);
  // The last renewal may have been as long ago as the renew deadline.
  expect(elected.at - killed).toBeGreaterThan(usual.leaseDuration - usual.renewDeadline);
  expect(elected.at - killed).toBeLessThan(usual.leaseDuration + 60_000);
});

test("a holder that stood still while another took its lease writes nothing more when it goes on, and says that it lost", async () => {
  const { candidate, count } = await arena();
  const first = candidate("first");
  await first.until("wrote");
  const second = candidate("second");
  await second.until("leader");
  const stopped = Date.now();
  first.signal("SIGSTOP");
  const elected = await second.until("elected");
  console.log(`takeover after SIGSTOP: ${elected.at - stopped} ms, of a lease of 15000 ms`);
  await second.until("wrote");
  const counted = await count("first");
  expect(counted).toBeGreaterThan(0);
  first.signal("SIGCONT");
  expect((await first.until("fenced")).message).toBe("the lease is not held any more: nothing may be written");
  expect((await first.until("lost")).message).toMatch(/^lease .+\/election: the lease could not be renewed in time$/);
  expect(await first.ended).toEqual([0, null]);
  expect(await count("first")).toBe(counted);
  expect(second.of("lost")).toBeUndefined();
});

test("a holder whose main thread is busy for much longer than the lease keeps it", async () => {
  const { candidate, lease } = await arena();
  const first = candidate("first");
  await first.until("wrote");
  const second = candidate("second");
  await second.until("leader");
  const { spec: before } = await lease();
  first.signal("SIGUSR2");
  const spun = await first.until("spun");
  expect(spun.at).toBeGreaterThan(0);
  expect(second.of("elected")).toBeUndefined();
  expect(first.of("lost")).toBeUndefined();
  const { spec: after } = await lease();
  expect(after).toMatchObject({ holderIdentity: "first", acquireTime: before?.acquireTime, leaseTransitions: 0 });
  expect(Date.parse(after?.renewTime ?? "") - Date.parse(before?.renewTime ?? "")).toBeGreaterThan(2 * usual.leaseDuration);
});
