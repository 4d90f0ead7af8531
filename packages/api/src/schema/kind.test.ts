import { expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { crds } from "./crd.ts";
import { metadata } from "./field.ts";
import { defineKind, type ObjectOf, type StoredObjectOf } from "./kind.ts";
import { kinds } from "../kinds/index.ts";
import { readManifests } from "../manifest.ts";
import { reference } from "./reference.ts";

/** A ship in one version or another. */
const schema = <K extends string, V extends string, S extends z.ZodRawShape>(kind: K, version: V, spec: S) =>
  z.strictObject({
    apiVersion: z.literal(`plimsoll.dev/${version}` as const),
    kind: z.literal(kind),
    metadata,
    spec: z.strictObject(spec),
  });

const names = { kind: "Ship", plural: "ships", shortNames: [], categories: [], scope: "Namespaced" } as const;
const docs = { page: "ship", guide: "ships.md", intro: "A ship." };
const beta = { name: "v1beta1", schema: schema("Ship", "v1beta1", { draught: z.int() }), columns: [] } as const;
const first = { name: "v1", schema: schema("Ship", "v1", { draught: z.string() }), columns: [] } as const;

const ship = defineKind({
  ...names,
  versions: [
    { ...beta, served: true, storage: false },
    { ...first, served: true, storage: true },
  ],
  docs,
});

const text = (version: string, draught: string): string =>
  `{apiVersion: plimsoll.dev/${version}, kind: Ship, metadata: {name: s}, spec: {draught: ${draught}}}`;

test("an object is read by the schema of its own version", () => {
  const { manifests, problems } = readManifests([text("v1beta1", "3"), text("v1", "3m"), text("v1", "3")].join("\n---\n"), [ship]);
  expect(manifests.map(({ object }) => object.spec.draught)).toEqual([3, "3m"]);
  expect(problems.map(({ message }) => message)).toEqual(["is 3: must be a string: put it in quotes"]);
  expect(readManifests(text("v2", "3"), [ship]).problems).toEqual([
    { path: ["apiVersion"], message: 'is "plimsoll.dev/v2": must be plimsoll.dev/v1beta1 or plimsoll.dev/v1', line: 1, rule: "yaml" },
  ]);
});

test("a version that is not served is in the CRD, and is not read", () => {
  const retired = defineKind({
    ...names,
    versions: [
      { ...beta, served: false, storage: false },
      { ...first, served: true, storage: true },
    ],
    docs,
  });
  expect(crds([retired])[0]?.spec.versions).toMatchObject([{ name: "v1beta1", served: false }, { name: "v1" }]);
  expect(readManifests(text("v1beta1", "3"), [retired]).problems).toMatchObject([
    { message: 'is "plimsoll.dev/v1beta1": must be plimsoll.dev/v1' },
  ]);
});

test("the objects of a kind have the types of its schemas", () => {
  expectTypeOf<ObjectOf<typeof ship>["spec"]["draught"]>().toEqualTypeOf<number | string>();
  expectTypeOf<StoredObjectOf<typeof ship>["spec"]["draught"]>().toEqualTypeOf<string>();
  expectTypeOf<ObjectOf<(typeof kinds)[number]>["kind"]>().toEqualTypeOf<
    "Pipeline" | "PipelineRun" | "PipelineSchedule" | "Backfill" | "WorkloadSet" | "RightSizingPolicy" | "Drain"
  >();
});

test("a schema of another kind or version does not compile", () => {
  // The compiler is what tests these.
  const stored = { name: "v1", served: true, storage: true, columns: [] } as const;
  const definitions = [
    // @ts-expect-error the schema is a boat's
    () => defineKind({ ...names, versions: [{ ...stored, schema: schema("Boat", "v1", {}) }], docs }),
    // @ts-expect-error the schema is of another version
    () => defineKind({ ...names, versions: [{ ...stored, schema: schema("Ship", "v2", {}) }], docs }),
    // @ts-expect-error an object has a spec
    () => defineKind({ ...names, versions: [{ ...stored, schema: schema("Ship", "v1", {}).omit({ spec: true }) }], docs }),
    // @ts-expect-error there is no such subresource
    () => defineKind({ ...names, versions: [{ ...stored, schema: schema("Ship", "v1", {}), subresources: ["stats"] }], docs }),
  ];
  expectTypeOf(definitions).toBeArray();
});

test("a kind of which not exactly one version is stored is refused", () => {
  const versions = (storage: boolean) => [
    { ...beta, served: true, storage },
    { ...first, served: true, storage },
  ];
  expect(() => defineKind({ ...names, versions: versions(false), docs })).toThrow(
    "Ship: 0 of its versions are stored: set storage to true",
  );
  expect(() => defineKind({ ...names, versions: versions(true), docs })).toThrow("Ship: 2 of its versions are stored");
});

test("an immutable list that the schema lacks is refused", () => {
  const [version] = ship.versions;
  const versions = [{ ...version, storage: true, immutableLists: { "spec.decks": "deck" } }] as const;
  expect(() => crds([defineKind({ ...names, versions, docs })])).toThrow("immutableLists: the schema has no list spec.decks");
});

test.each(kinds)("each field of $kind that is said to be documented elsewhere is there", (kind) => {
  const page = reference([kind]);
  for (const path of Object.keys("sameAs" in kind.docs ? kind.docs.sameAs : {})) expect(page).toContain(`| \`${path}\``);
});
