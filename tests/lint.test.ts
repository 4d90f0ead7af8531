import { jsonSchemaOf, kinds, pipelineSpec, plain, readManifests, type PipelineSpec, type Schema } from "@plimsoll/api";
import { Ajv2020 } from "ajv/dist/2020.js";
import { each } from "@plimsoll/kube";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { refused, taken } from "../packages/features/pipelines/step/manifest/pods.cases.ts";
import { Random } from "../bench/random.ts";
import { disagreement, judge, type Post } from "./lint/judged.ts";
import { findingsIn } from "../packages/cli/src/lint/findings.ts";
import { mutate } from "./lint/mutants.ts";
import { objects } from "./lint/objects.ts";
import { seeds } from "./lint/seeds.ts";
import { defaultAccount, place } from "./support/cluster.ts";
import { ask } from "./support/raw-request.ts";

/** SEED= and MUTANTS= try others, or more. */
const seed = Number(process.env["SEED"] ?? 16);
const count = Number(process.env["MUTANTS"] ?? 2_000);

const post: Post = (path, body) => ask("POST", `${path}?dryRun=All&fieldValidation=Strict`, { body });

/** A namespace where any pod may run: what a cluster's policies refuse isn't for lint to know. */
async function lawless(): Promise<string> {
  const { client, namespace } = await place();
  // Of another level that a namespace is given later, admission learns by a watch.
  const name = `${namespace}-lawless`;
  await client("namespaces").create({ metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "privileged" } } });
  await defaultAccount(client, name);
  return name;
}

test("lint and the API server agree about pipelines in which nothing is wrong", async () => {
  const namespace = await lawless();
  for (const spec of seeds) expect(await judge(spec, namespace, post)).toEqual({ lint: [], server: [] });
});

test(`lint and the API server agree about ${count} pipelines in which something has been changed`, async () => {
  const namespace = await lawless();
  const random = new Random(seed);
  const mutants = Array.from({ length: count }, () => {
    const spec = random.of(seeds);
    return mutate(spec, [[]], random);
  });
  const differences: string[] = [];
  let [told, refused] = [0, 0];
  await each(12, mutants, async ({ mutant, change }) => {
    const judged = await judge(mutant as PipelineSpec, namespace, post);
    if (judged.lint.length > 0) told += 1;
    if (judged.server.length > 0) refused += 1;
    const who = disagreement(judged);
    if (who !== undefined) differences.push(`${change}: ${who} refuses: ${[...judged.lint, ...judged.server].join("; ")}`);
  });
  expect(differences, `seed ${seed}`).toEqual([]);
  // Of the mutants, about two in three are refused.
  expect(Math.min(told, refused)).toBeGreaterThan(count / 3);
});

test(`lint finds what the API server refuses of ${count / 2} objects of the other kinds in which something has been changed`, async () => {
  const namespace = await lawless();
  const random = new Random(seed);
  const judged = async (object: (typeof objects)[number]): Promise<{ lint: string[]; server: string }> => {
    const own = kinds.find(({ kind }) => kind === object.kind);
    const given = { apiVersion: "plimsoll.dev/v1alpha1", ...object };
    const { manifests, parts, problems } = readManifests(JSON.stringify(given));
    const found = [
      ...problems,
      ...manifests.flatMap((one) => findingsIn(one).problems),
      ...parts.flatMap((one) => one.theirs(findingsIn(one).problems)),
    ];
    const within = own?.scope === "Namespaced" ? `namespaces/${namespace}/` : "";
    const { code, message } = await post(`/apis/plimsoll.dev/v1alpha1/${within}${own?.plural}`, given);
    return { lint: found.map(({ message }) => message), server: code < 300 ? "" : message };
  };
  for (const object of objects) expect(await judged(object)).toEqual({ lint: [], server: "" });
  const mutants = Array.from({ length: count / 2 }, () => {
    const object = random.of(objects);
    return { kind: object.kind, ...mutate(object, [["spec"], ["metadata"]], random) };
  });
  const missed: string[] = [];
  let refused = 0;
  await each(12, mutants, async ({ kind, mutant, change }) => {
    const { lint, server } = await judged(mutant as (typeof objects)[number]);
    if (server !== "") refused += 1;
    // The policies that other tests install meanwhile aren't in a file.
    if (server !== "" && lint.length === 0 && !server.includes("ValidatingAdmissionPolicy")) missed.push(`${kind} ${change}: ${server}`);
  });
  expect(missed, `seed ${seed}`).toEqual([]);
  expect(refused).toBeGreaterThan(mutants.length / 5);
});

test("lint and the API server agree about what has pods", async () => {
  const namespace = await lawless();
  const paths: Record<string, string> = {
    "v1 Pod": `/api/v1/namespaces/${namespace}/pods`,
    "batch/v1 Job": `/apis/batch/v1/namespaces/${namespace}/jobs`,
    "batch/v1 CronJob": `/apis/batch/v1/namespaces/${namespace}/cronjobs`,
    "apps/v1 Deployment": `/apis/apps/v1/namespaces/${namespace}/deployments`,
    "apps/v1 DaemonSet": `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
  };
  const known = [...taken, ...refused.flatMap(([text, message]) => (message.includes('.image: "') ? [] : [text]))]
    .filter((text) => !text.includes("${{"))
    .map((text) => ({ text, object: parse(text) as { apiVersion: string; kind: string } }));
  for (const { text, object } of known) {
    const path = paths[`${object.apiVersion} ${object.kind}`];
    if (path === undefined) continue;
    const { code } = await post(path, { ...object, metadata: { name: "a" } });
    expect([text, code < 300]).toEqual([text, taken.includes(text)]);
  }
});

test("the JSON Schemas for editors are the API server's own, and take what it takes", async () => {
  const { body } = await ask("GET", "/openapi/v3/apis/plimsoll.dev/v1alpha1");
  const served: { components: { schemas: Record<string, Schema> } } = JSON.parse(body);
  for (const kind of kinds) {
    const theirs = served.components.schemas[`dev.plimsoll.v1alpha1.${kind.kind}`]?.properties?.["spec"];
    // A CRD can't say what a list or a text is.
    const common = (schema: unknown): unknown =>
      JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === "anyOf" ? undefined : value)));
    expect(theirs && common(plain(theirs))).toEqual(common((jsonSchemaOf(kind)["properties"] as Record<string, unknown>)["spec"]));
  }
  const pipeline = kinds.find(({ kind }) => kind === "Pipeline");
  const check = new Ajv2020({ strict: false }).compile(pipeline === undefined ? {} : jsonSchemaOf(pipeline));
  const object = { apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "a" } };
  for (const spec of seeds) {
    check({ ...object, spec });
    expect(check.errors).toBe(null);
  }
  expect(check({ ...object, spec: { steps: [{ name: "a", imag: "b" }] } })).toBe(false);
  for (const forEach of [5, true, { a: 1 }, "x", [], [1, "a", { b: null }]]) {
    const spec = { steps: [{ name: "a", image: "b", forEach }] };
    expect([forEach, check({ ...object, spec })]).toEqual([forEach, pipelineSpec.safeParse(spec).success]);
  }
});
