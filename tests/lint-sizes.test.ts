import type { PipelineSpec } from "@plimsoll/api";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject, test } from "vitest";
import { kubectlProgram } from "../bench/kubectl.ts";
import { plimsoll } from "./support/cli.ts";
import { place } from "./support/cluster.ts";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-sizes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A pipeline whose scripts together are of one character, so many times. */
function scripts(character: string, length: number): PipelineSpec {
  const most = 100_000;
  const count = Math.ceil(length / most);
  return {
    steps: Array.from({ length: count }, (_, index) => ({
      name: `s${index}`,
      image: "busybox",
      script: character.repeat(Math.min(most, length - index * most)),
    })),
  };
}

/** One of steps with many fields, each of which has an owner. */
function small(count: number): PipelineSpec {
  const requests = { cpu: "100m", memory: "100Mi" };
  const env = ["A", "B"].map((name) => ({ name, value: "b" }));
  return { steps: Array.from({ length: count }, (_, index) => ({ name: `s-${index}`, image: "busybox", env, resources: { requests } })) };
}

const ways = { apply: ["apply"], "server-side": ["apply", "--server-side"], create: ["create"] };

test.each([
  ["nothing large", scripts("#", 100)],
  ["the largest that kubectl apply makes, about", scripts("#", 260_000)],
  ["a little more", scripts("#", 264_000)],
  ["more in Go's JSON alone", scripts(">", 45_000)],
  ["the largest that is kept, about", scripts("#", 1_568_000)],
  ["a little more than that", scripts("#", 1_574_000)],
  ["the largest in Go's JSON, about", scripts(">", 261_000)],
  ["a little more in Go's JSON", scripts(">", 262_500)],
  ["the most fields that have owners, about", small(4_040)],
  ["a few fields more", small(4_090)],
])("lint says of %s what kubectl can make", async (_what, spec) => {
  const { namespace } = await place();
  const file = (name: string): string => {
    const path = join(folder, `${name}.json`);
    const metadata = { name, namespace };
    writeFileSync(path, JSON.stringify({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata, spec }));
    return path;
  };
  const made = await Promise.all(
    Object.entries(ways).map(async ([way, args]) => ((await isMade([...args, "-f", file(way)])) ? [way] : [])),
  );
  const { stdout, stderr } = await plimsoll(["lint", file("linted")]);
  expect(made.flat()).toEqual(waysBy(stdout + stderr));
});

/** By what lint says. */
function waysBy(said: string): string[] {
  const all = Object.keys(ways);
  if (said.includes("keeps no object of more than 1.5")) return [];
  if (said.includes("use kubectl create")) return all.slice(2);
  return said.includes("use kubectl apply --server-side") ? all.slice(1) : all;
}

function isMade(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(kubectlProgram(), ["--kubeconfig", inject("kubeconfig"), ...args], (error) => resolve(error === null));
  });
}
