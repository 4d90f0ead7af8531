import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { accepted } from "./accepted.ts";
import { baselineOf, readBaseline } from "./baseline.ts";
import { openFindings } from "../risks/findings.ts";
import { judged } from "../risks/judged.ts";
import { readRoles } from "../sources/role-file.ts";

const text = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a}
rules:
  # plimsoll:accept secrets-read backups read them
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get]
  - apiGroups: [""] # plimsoll:accept pods-create until=2026-06-30 for now
    resources: [pods]
    verbs: [create]
  - {apiGroups: [""], resources: [pods/log], verbs: [get]} # plimsoll:accept pods-logs it ships logs
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: b}
# plimsoll:accept pods-exec all of it
rules:
  - {apiGroups: [""], resources: [pods/exec], verbs: [get]}
  - {apiGroups: [""], resources: [pods/exec], verbs: [create]}
  - {apiGroups: [""], resources: [pods/log], verbs: [get]}
# plimsoll:accept nodes-write it is gone
`;

function openIn(text: string, today: string) {
  const { roles, bindings, acceptances } = readRoles("roles.yaml", text);
  const { found, idle, ended } = accepted(judged(roles, bindings).found, acceptances, today);
  return {
    open: found.flatMap((one) => openFindings(one).map(({ id }) => `${one.role.name} ${id}`)),
    idle: idle.map(({ id, line }) => `${line} ${id}`),
    ended: ended.map(({ id }) => id),
  };
}

test("a comment accepts what it says on its rule, on the rule below it, or in its whole role, until its day", () => {
  expect(openIn(text, "2026-06-30")).toEqual({ open: ["a pods-and-secrets", "b pods-logs"], idle: ["22 nodes-write"], ended: [] });
  expect(openIn(text, "2026-07-01")).toMatchObject({
    open: ["a pods-create", "a pods-and-secrets", "b pods-logs"],
    ended: ["pods-create"],
  });
});

test("a finding of several rules stays open while one of them isn't accepted", () => {
  const one = text
    .replace("# plimsoll:accept pods-exec all of it\n", "")
    .replace("verbs: [create]}", "verbs: [create]} # plimsoll:accept pods-exec ok");
  expect(openIn(one, "2026-01-01").open).toContain("b pods-exec");
});

test("a binding's finding is accepted beside its roleRef", () => {
  const binding = (comment: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: x}
${comment}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: a, namespace: b}]
`;
  expect(openIn(binding(""), "2026-01-01").open).toContain("cluster-admin everything");
  expect(openIn(binding("# plimsoll:accept everything it installs"), "2026-01-01").open).not.toContain("cluster-admin everything");
});

test("what looks like such a comment in a text is part of the text", () => {
  const role = (name: string, note: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${name}
  annotations:
${note}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
`;
  const accepted = "    # plimsoll:accept secrets-read it is meant\n    x: text";
  expect(openIn(role("a", accepted), "2026-01-01").open).toEqual([]);
  for (const note of [
    "    x: |\n      # plimsoll:accept secrets-read it is not",
    '    x: "\n      # plimsoll:accept secrets-read it is not"',
  ])
    expect(openIn(role("a", note), "2026-01-01").open).toEqual(["a secrets-read"]);
});

test.each([
  ["# plimsoll:accept secrets-read", "write it as # plimsoll:accept ID REASON"],
  ["# plimsoll:accept", "write it as # plimsoll:accept ID REASON"],
  ["# plimsoll:accept secrets-read until=soon why", "until= takes a day"],
  ["# plimsoll:accept secrets-read until=2026-02-30 why", "until= takes a day"],
])("%s is refused, with its line", (comment, message) => {
  expect(() => readRoles("roles.yaml", `kind: List\napiVersion: v1\n${comment}\nitems: []\n`)).toThrow(
    `roles.yaml:3: ${comment}: ${message}`,
  );
});

test("a printed baseline accepts all that was found, and nothing that is new", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-baseline-"));
  try {
    const found = judged(readRoles("roles.yaml", text.replaceAll(/# plimsoll.*/g, "")).roles, []).found;
    const file = join(folder, "accepted.yaml");
    await writeFile(file, stringify(baselineOf(found, "known")));
    const baseline = await readBaseline(file);
    expect(accepted(found, baseline, "2026-01-01").found.flatMap(openFindings)).toEqual([]);
    const more = judged(
      readRoles("roles.yaml", text.replaceAll(/# plimsoll.*/g, "").replace("resources: [secrets]", "resources: [nodes/proxy]")).roles,
      [],
    ).found;
    const now = accepted(more, baseline, "2026-01-01");
    expect(now.found.flatMap(openFindings).map(({ id }) => id)).toContain("nodes-proxy");
    expect(now.idle.map(({ id }) => id)).toContain("secrets-read");

    await writeFile(file, "- {id: secrets-read, reason: why, until: soon}\n- {role: x, reason: why}\n");
    await expect(readBaseline(file)).rejects.toThrow(/accepted\.yaml:1: \[0\]\.until: is no day[^]*accepted\.yaml:2: \[1\]\.id/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a printed baseline accepts a role for who holds it, and nobody else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-baseline-"));
  try {
    const heldBy = (subject: string) => {
      const { roles, bindings } = readRoles(
        "b.yaml",
        `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: x}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [${subject}]
`,
      );
      return judged(roles, bindings).found;
    };
    const before = heldBy("{kind: ServiceAccount, name: a, namespace: b}");
    const file = join(folder, "accepted.yaml");
    await writeFile(file, stringify(baselineOf(before, "known")));
    const openOf = async (found: typeof before) =>
      accepted(found, await readBaseline(file), "2026-01-01")
        .found.flatMap(openFindings)
        .map(({ id }) => id);
    expect(await openOf(before)).toEqual([]);
    expect(await openOf(heldBy('{kind: Group, name: "system:authenticated"}'))).toContain("everything");
  } finally {
    await rm(folder, { recursive: true });
  }
});
