import { apiVersion, crds, defineKind, generatedFiles, readManifests, type Pipeline, type PipelineRun } from "@plimsoll/api";
import { builtin, gate, type Sender, type Stored } from "@plimsoll/kube";
import { expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { allow, catalogueOf, declare } from "./kinds.ts";

const shipSchema = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.literal("Ship"),
  metadata: z.looseObject({ name: z.string().optional() }),
  spec: z.strictObject({ draught: z.int().describe("How deep it lies, in metres.") }),
  status: z
    .strictObject({ loaded: z.boolean().optional().describe("Whether it is.") })
    .optional()
    .describe("How it lies."),
});

type Ship = z.input<typeof shipSchema>;

/** A kind that Plimsoll doesn't have: this is all that is said of it. */
const ship = defineKind({
  kind: "Ship",
  plural: "ships",
  shortNames: ["sh"],
  categories: ["plimsoll"],
  scope: "Cluster",
  versions: [
    {
      name: "v1alpha1",
      served: true,
      storage: true,
      schema: shipSchema,
      columns: [{ name: "Draught", type: "integer", jsonPath: ".spec.draught" }],
      subresources: ["status"],
    },
  ],
  docs: { page: "ship", guide: "ships.md", intro: "A ship to load." },
});

/** A client that keeps what is asked of it. */
function recorder(): { asked: string[]; sender: Sender } {
  const asked: string[] = [];
  const sender: Sender = {
    request: async ({ method, path }) => (asked.push(`${method} ${path}`), {} as never),
    stream: () => Promise.reject(new Error("nothing is streamed")),
  };
  return { asked, sender };
}

test("a kind's definition gives its CRD", () => {
  expect(crds([ship])).toMatchObject([
    {
      metadata: { name: "ships.plimsoll.dev" },
      spec: {
        group: "plimsoll.dev",
        scope: "Cluster",
        names: { kind: "Ship", listKind: "ShipList", plural: "ships", singular: "ship", shortNames: ["sh"], categories: ["plimsoll"] },
        versions: [
          {
            name: "v1alpha1",
            served: true,
            storage: true,
            subresources: { status: {} },
            additionalPrinterColumns: [{ name: "Draught" }, { name: "Age" }],
            schema: { openAPIV3Schema: { properties: { spec: { required: ["draught"], properties: { draught: { type: "integer" } } } } } },
          },
        ],
      },
    },
  ]);
});

test("a kind's definition gives how its objects are read", () => {
  const head = `apiVersion: ${apiVersion}\nkind: Ship\nmetadata: {name: cutty}\n`;
  const { manifests, problems } = readManifests(
    `${head}spec: {draught: 6}\n---\n${head}spec: {draught: deep}\n---\n${head.replace("Ship", "Boat")}`,
    [ship],
  );
  expectTypeOf(manifests).items.toHaveProperty("object").toEqualTypeOf<Ship>();
  expect(manifests.map(({ object }) => object.spec.draught)).toEqual([6]);
  expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '9: is "deep": must be a whole number',
    '12: is "Boat": must be Ship',
  ]);
  expect(readManifests("", [ship]).problems).toEqual([{ path: [], message: "the file is empty: give a Ship", rule: "yaml" }]);
});

test("a kind's definition gives its page of the reference", () => {
  const files = generatedFiles([ship]);
  expect([...files.keys()]).toEqual(["docs/reference/ship.md"]);
  expect(files.get("docs/reference/ship.md")).toBe(`# Ship, field by field

\`apiVersion: plimsoll.dev/v1alpha1\`. How to use them: [ships.md](../ships.md). This page is made from the schemas by \`npm run generate\`.

## Ship

A ship to load. \`kubectl get ships\` (short: \`sh\`).

| field | type | what it says |
| --- | --- | --- |
| \`spec.draught\` (required) | integer | How deep it lies, in metres. |

| field | type | what it says |
| --- | --- | --- |
| \`status.loaded\` | boolean | Whether it is. |
`);
});

test("a kind's definition gives its entries in a gate's catalogue, with its scope and its subresources", async () => {
  const { allow, declare } = gate({ ...builtin, ...catalogueOf([ship]) });
  const permissions = declare("harbour", [
    allow("get", "ships.plimsoll.dev", "to see them"),
    allow("patch", "ships.plimsoll.dev/status", "to say how they lie"),
  ]);
  const { asked, sender } = recorder();
  const client = permissions.client(sender);
  expectTypeOf(client("ships.plimsoll.dev").get).returns.resolves.toEqualTypeOf<Stored<Ship>>();
  await client("ships.plimsoll.dev").get({ name: "cutty" });
  await client("ships.plimsoll.dev/status").patch({ name: "cutty" }, { status: { loaded: true } });
  expect(asked).toEqual(["GET /apis/plimsoll.dev/v1alpha1/ships/cutty", "PATCH /apis/plimsoll.dev/v1alpha1/ships/cutty/status"]);
  // @ts-expect-error a ship is of the whole cluster
  expect(() => allow("get", "ships.plimsoll.dev", "none", { in: "own" })).toThrow("it has no namespace");
});

test("the gate knows Plimsoll's kinds by their types, and no others", () => {
  const permissions = declare("harbour", [
    allow("get", "pipelines.plimsoll.dev", "to read them"),
    allow(["get", "list"], "pipelineruns.plimsoll.dev", "to read them"),
    allow("patch", "pipelineruns.plimsoll.dev/status", "to write it"),
  ]);
  const client = permissions.client(recorder().sender);
  expectTypeOf(client("pipelines.plimsoll.dev").get).returns.resolves.toEqualTypeOf<Stored<Pipeline>>();
  expectTypeOf(client("pipelineruns.plimsoll.dev").get).returns.resolves.toEqualTypeOf<Stored<PipelineRun>>();
  expectTypeOf(client("pipelineruns.plimsoll.dev/status").patch).returns.resolves.toEqualTypeOf<Stored<PipelineRun>>();
  expectTypeOf<keyof ReturnType<typeof client<"pipelineruns.plimsoll.dev/status">>>().toEqualTypeOf<"patch">();
  // @ts-expect-error there is no such kind
  expect(() => allow("get", "ships.plimsoll.dev", "none")).toThrow('no resource "ships.plimsoll.dev" in the catalogue');
  // @ts-expect-error a Pipeline has no scale
  expect(() => allow("patch", "pipelines.plimsoll.dev/scale", "none")).toThrow('no resource "pipelines.plimsoll.dev/scale"');
});
