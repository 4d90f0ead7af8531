import { each, Transport } from "@plimsoll/kube";
import { atomKey, atoms, covers, grants, type PolicyRule } from "@plimsoll/permissions";
import { afterAll, expect, inject, test } from "vitest";
import { narrowed, randomRule } from "../bench/random-rules.ts";
import { Random } from "../bench/random.ts";
import { atOnce, bind, compareReviews, untilAllowed, writeRole } from "../bench/reviews.ts";
import { ask } from "./support/raw-request.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"));
afterAll(() => transport.close());

// Every run tries others; a failure names the seed, which SEED= brings back.
const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const rbac = "/apis/rbac.authorization.k8s.io/v1";

test("a SubjectAccessReview of random rules and requests says what grants says", async () => {
  const { disagreements, granted } = await compareReviews(transport, { reviews: 3_000, users: 20, seed });
  expect(disagreements, `seed ${seed}`).toEqual([]);
  expect(granted).toBeGreaterThan(300);
  expect(granted).toBeLessThan(2_700);
});

test("whoever may write roles may write exactly those that covers finds no uncovered atom of, and is told the others", async () => {
  const random = new Random(seed);
  const owners = Array.from({ length: 12 }, (_, index) => ({
    user: `owner-${index}`,
    rules: Array.from({ length: 1 + random.below(4) }, () => randomRule(random, true)),
  }));
  const writes: PolicyRule = { verbs: ["create"], apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"] };
  const everybody = await Promise.all(
    ["system:basic-user", "system:discovery", "system:public-info-viewer"].map((name) =>
      transport.request<{ rules: PolicyRule[] }>({ method: "GET", path: `${rbac}/clusterroles/${name}` }),
    ),
  );
  await each(atOnce, owners, async ({ user, rules }) => {
    await writeRole(transport, { kind: "ClusterRole", name: user, rules: [...rules, writes] });
    await bind(transport, user, { kind: "ClusterRole", name: user });
    await untilAllowed(transport, user, { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterroles" });
  });

  const pairs = owners.flatMap((owner) =>
    Array.from({ length: 40 }, () => ({
      ...owner,
      servant: Array.from({ length: 1 + random.below(2) }, () => narrowed(random, random.of(owner.rules))),
    })),
  );
  const codes: number[] = [];
  await each(atOnce, pairs, async ({ user, rules, servant }) => {
    const body = { metadata: { name: "servant" }, rules: servant };
    const { code, message } = await ask("POST", `${rbac}/clusterroles?dryRun=All`, { as: user, body });
    const owned = [...rules, writes, ...everybody.flatMap(({ rules }) => rules)];
    // Who holds every verb on everything may escalate too, and then nothing is checked.
    const escalates = grants(owned, { verb: "escalate", group: "rbac.authorization.k8s.io", resource: "clusterroles" }) !== undefined;
    const uncovered = escalates ? [] : covers(owned, servant);
    const what = `seed ${seed}, ${user} with ${JSON.stringify(rules)}: ${JSON.stringify(servant)}\n${message}`;
    expect(code, `${what}`).toBe(uncovered.length === 0 ? 201 : 403);
    expect(new Set(atoms(missingRules(message)).map(atomKey)), `${what}`).toEqual(new Set(uncovered.map(atomKey)));
    codes.push(code);
  });
  expect(codes.filter((code) => code === 201).length).toBeGreaterThan(50);
  expect(codes.filter((code) => code === 403).length).toBeGreaterThan(10);
});

/** The rules in a refusal, a line each: `{APIGroups:["" "batch"], Resources:["pods"], Verbs:["get"]}`. */
function missingRules(message: string): PolicyRule[] {
  return message
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => {
      const field = (name: string): string[] => {
        const list = new RegExp(`[{ ]${name}:\\[((?:"[^"]*" ?)*)\\]`).exec(line)?.[1] ?? "";
        return Array.from(list.matchAll(/"([^"]*)"/g), ([, text = ""]) => text);
      };
      return {
        verbs: field("Verbs"),
        apiGroups: field("APIGroups"),
        resources: field("Resources"),
        resourceNames: field("ResourceNames"),
        nonResourceURLs: field("NonResourceURLs"),
      };
    });
}
