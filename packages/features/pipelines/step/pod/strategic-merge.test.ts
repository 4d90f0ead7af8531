import { mergeKeyOf, patchProblems } from "@plimsoll/api";
import * as fc from "fast-check";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { TemplateError } from "../../language/template.ts";
import { applyPatch } from "./patch.ts";
import { merged } from "./strategic-merge.ts";

const merge = (value: unknown, patch: unknown): unknown => merged(value, patch, mergeKeyOf);

test.each<[what: string, value: unknown, patch: unknown, result: unknown]>([
  ["maps are merged", { spec: { a: { b: 1, c: 2 } } }, { spec: { a: { c: 3 } } }, { spec: { a: { b: 1, c: 3 } } }],
  ["null takes a field away", { spec: { a: 1, b: 2 } }, { spec: { a: null, c: { d: null } } }, { spec: { b: 2, c: {} } }],
  [
    "a list without a key is replaced",
    { spec: { tolerations: [{ key: "a" }] } },
    { spec: { tolerations: [{ key: "b" }] } },
    { spec: { tolerations: [{ key: "b" }] } },
  ],
  [
    "entries of a list are merged by its key, others come behind",
    { spec: { hostAliases: [{ ip: "1", hostnames: ["a"] }, { ip: "2" }] } },
    { spec: { hostAliases: [{ ip: "3" }, { ip: "1", hostnames: ["b"] }] } },
    { spec: { hostAliases: [{ ip: "1", hostnames: ["b"] }, { ip: "2" }, { ip: "3" }] } },
  ],
  [
    "so are the lists of such an entry",
    { spec: { containers: [{ name: "step", env: [{ name: "A", value: "1" }], volumeMounts: [{ name: "v", mountPath: "/v" }] }] } },
    { spec: { containers: [{ name: "step", env: [{ name: "B" }], volumeMounts: [{ mountPath: "/v", readOnly: true }] }] } },
    {
      spec: {
        containers: [
          { name: "step", env: [{ name: "A", value: "1" }, { name: "B" }], volumeMounts: [{ name: "v", mountPath: "/v", readOnly: true }] },
        ],
      },
    },
  ],
  [
    "$patch: delete takes an entry away",
    { spec: { volumes: [{ name: "a" }, { name: "b" }] } },
    { spec: { volumes: [{ name: "a", $patch: "delete" }] } },
    { spec: { volumes: [{ name: "b" }] } },
  ],
  [
    "$patch: replace replaces a list",
    { spec: { initContainers: [{ name: "a" }] } },
    { spec: { initContainers: [{ $patch: "replace" }, { name: "b" }] } },
    { spec: { initContainers: [{ name: "b" }] } },
  ],
  ["$patch: replace replaces a map", { spec: { a: { b: 1 } } }, { spec: { a: { $patch: "replace", c: 2 } } }, { spec: { a: { c: 2 } } }],
  ["$patch: delete empties a map", { spec: { a: { b: 1 } } }, { spec: { a: { $patch: "delete" } } }, { spec: { a: {} } }],
])("%s", (_what, value, patch, result) => {
  expect(merge(value, patch)).toEqual(result);
});

const leaf = fc.constantFrom<unknown>(
  null,
  1,
  "x",
  ["x"],
  { a: 1 },
  { a: null, b: { c: null } },
  { $patch: "replace", d: 1 },
  { $patch: "delete" },
);
const entry = (key: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.record({ [key]: fc.constantFrom("step", "a", "b"), $patch: fc.constantFrom("delete", "merge"), x: leaf }, { requiredKeys: [key] }),
    fc.record({
      [key]: fc.constantFrom("step", "a"),
      env: fc.array(fc.record({ name: fc.constantFrom("A", "B"), value: leaf }), { maxLength: 2 }),
    }),
    fc.constant({ $patch: "replace" }),
    leaf,
  );
const list = (key: string): fc.Arbitrary<unknown> => fc.oneof({ weight: 4, arbitrary: fc.array(entry(key), { maxLength: 3 }) }, leaf);
const names = fc.constantFrom("team", "plimsoll.dev/run", "$patch");
const patchOf: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    metadata: fc.oneof(
      fc.record({ name: leaf, ownerReferences: leaf, labels: leaf }, { requiredKeys: [] }),
      fc.record({ labels: fc.dictionary(names, fc.constantFrom("x", "replace", null)) }),
      leaf,
    ),
    spec: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record(
          {
            containers: list("name"),
            volumes: list("name"),
            hostAliases: list("ip"),
            tolerations: leaf,
            affinity: leaf,
            restartPolicy: leaf,
          },
          { requiredKeys: [] },
        ),
      },
      leaf,
    ),
  },
  { requiredKeys: [] },
);

const pod: Pod = {
  metadata: {
    name: "p",
    namespace: "n",
    labels: { "plimsoll.dev/run": "r", team: "a" },
    ownerReferences: [{ apiVersion: "v", kind: "k", name: "n", uid: "u" }],
  },
  spec: {
    restartPolicy: "Never",
    containers: [{ name: "step", env: [{ name: "A", value: "1" }] }],
    volumes: [{ name: "a", emptyDir: {} }],
  },
};

const isSound = (patch: unknown): boolean => patchProblems(patch).next().done === true;

test("a patch over what it has made changes nothing more", () => {
  fc.assert(
    fc.property(patchOf, (patch) => {
      fc.pre(isSound(patch));
      const once = merge(pod, patch);
      expect(merge(once, patch)).toEqual(once);
    }),
    { numRuns: 2_000 },
  );
});

test("no null and no directive of a patch is left in what it makes of maps", () => {
  const maps = fc.letrec<{ map: Record<string, unknown> }>((tie) => ({
    map: fc.dictionary(fc.constantFrom("a", "b", "$patch"), fc.oneof(fc.constantFrom<unknown>(null, 1), tie("map")), { maxKeys: 3 }),
  })).map;
  fc.assert(
    fc.property(maps, maps, (value, patch) => {
      const clean = merge({}, value);
      expect(JSON.stringify(merge(clean, patch))).not.toMatch(/null|\$patch/);
      for (const key of Object.keys(patch).filter((key) => patch[key] === null)) expect(merge(clean, patch)).not.toHaveProperty([key]);
    }),
  );
});

test("whatever a patch says, it is refused or the pod stays known", () => {
  let taken = 0;
  fc.assert(
    fc.property(patchOf, (patch) => {
      if (!isSound(patch)) {
        expect(() => applyPatch(pod, patch)).toThrow(TemplateError);
        return;
      }
      taken += 1;
      const { metadata, spec } = applyPatch(pod, patch);
      expect(metadata).toMatchObject({ name: "p", namespace: "n", labels: { "plimsoll.dev/run": "r" }, ownerReferences: [{ uid: "u" }] });
      expect(spec).toMatchObject({
        restartPolicy: "Never",
        containers: expect.arrayContaining([expect.objectContaining({ name: "step" })]),
      });
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(20);
});
