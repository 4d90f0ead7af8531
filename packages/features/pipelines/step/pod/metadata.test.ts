import type { Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import { TemplateError } from "../../language/template.ts";
import { ofStep, podOf, run, stepOf } from "../../testing/pod-of.ts";

test("a script travels as it is written", () => {
  const scriptOf = (script: string): unknown =>
    podOf({ params: [{ name: "x", default: "1" }], steps: [{ name: "a", image: "b", script }] }).metadata?.annotations;
  expect(scriptOf("echo ${{ params.x }}")).toEqual({ "plimsoll.dev/script": "echo 1" });
  expect(scriptOf("#!/bin/bash\n")).toEqual({ "plimsoll.dev/script": "#!/bin/bash\n" });
});

test("a step without a script and without items has no volume", () => {
  expect(ofStep().spec).not.toHaveProperty("volumes");
  expect(ofStep().spec?.containers[0]).not.toHaveProperty("volumeMounts");
  expect(ofStep().metadata).not.toHaveProperty("annotations");
});

test("an item reaches a command as a file that no shell has touched", () => {
  const { metadata, spec } = ofStep({ forEach: ["; rm -rf '$HOME'"] });
  expect(metadata?.annotations).toEqual({ "plimsoll.dev/item": `"; rm -rf '$HOME'"` });
  expect(spec?.containers[0]?.env).toContainEqual({ name: "PLIMSOLL_ITEM", value: "/plimsoll/item.json" });
  expect(spec?.containers[0]?.command).toEqual(["x"]);
  expect(spec?.volumes?.[0]?.projected?.sources?.[0]?.downwardAPI?.items?.map(({ path }) => path)).toEqual(["item.json"]);
});

test("script and item must fit into the pod's annotations, and the message says their sizes", () => {
  const script = `#!${"x".repeat(130_000)}`;
  const faultOf = (more: Partial<Step>): unknown => {
    try {
      return podOf({ steps: [{ name: "a", image: "b", forEach: ["y".repeat(131_900)], ...more }] });
    } catch (error) {
      return error instanceof TemplateError ? [error.path, error.message] : error;
    }
  };
  expect(faultOf({ script: script.slice(0, 1000) })).toHaveProperty("metadata");
  expect(faultOf({ script: script + "x".repeat(1000) })).toEqual([
    ["script"],
    "the pod's annotations, in which these travel, would take 262940 bytes of at most 245760: the script takes 131021, item 0 takes 131919, other annotations take 0; put what is large into the image, a ConfigMap of pod.volumes or the workspace",
  ]);
  expect(faultOf({ command: ["x"], forEach: ["y".repeat(300_000)] })).toEqual([
    ["forEach"],
    expect.stringContaining("item 0 takes 300019"),
  ]);
});

test("the run's labels and annotations go to its pods, the user's for pods over them, and none is taken for Plimsoll's", () => {
  const own = { team: "run", only: "run", "plimsoll.dev/step": "x", "kubectl.kubernetes.io/last-applied-configuration": "{}" };
  const { metadata } = podOf(
    { pod: { labels: { team: "pod" }, annotations: { team: "pod" } }, steps: [stepOf()] },
    { run: { ...run, labels: own, annotations: own }, try: 3, record: "r" },
  );
  expect(metadata?.labels).toEqual({
    team: "pod",
    only: "run",
    "plimsoll.dev/run": "run",
    "plimsoll.dev/run-uid": "uid",
    "plimsoll.dev/step": "a",
    "plimsoll.dev/try": "3",
  });
  expect(metadata?.annotations).toEqual({ team: "pod", only: "run", "plimsoll.dev/record": "r" });
});
