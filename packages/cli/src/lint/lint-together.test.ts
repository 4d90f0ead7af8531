import { kinds, readManifests, formatPath, type Problem } from "@plimsoll/api";
import { expect, test } from "vitest";
import { findingsIn } from "./findings.ts";

/** A step's own fields, and what is changed in the pipeline around it. */
interface Fault {
  step?: object;
  pipeline?: object;
}

const faults: Record<string, Fault> = {
  "items that are none": { step: { forEach: 5, script: "echo ${{ item.x }} ${{ params.nope }}" } },
  "items that are a map": { step: { forEach: { a: 1 }, parallelism: 2, script: "echo ${{ itemIndex }}" } },
  "an unknown field": { step: { tiemout: "10m", script: "echo ${{ params.nope }}" } },
  "needs that are a text": { step: { needs: "first", script: "echo ${{ steps.first.phase }} ${{ 1 + }}" } },
  "needs that are a number": { step: { needs: 5, script: "echo ${{ steps.first.phase }} ${{ params.nope }}" } },
  "needs of nothing": { step: { needs: ["nothing"], script: "echo ${{ steps.first.phase }} ${{ params.nope }}" } },
  "needs by another name": { step: { dependsOn: ["first"], script: "echo ${{ steps.first.phase }} ${{ params.nope }}" } },
  "an image that is a number": { step: { image: 5, script: "echo ${{ params.nope }}" } },
  "an image by another name": { step: { image: undefined, container: "busybox", script: "echo ${{ params.nope }}" } },
  "no image": { step: { image: undefined, script: "echo ${{ params.nope }}" } },
  "a script beside a command": { step: { command: ["a"], script: "echo ${{ params.nope }}" } },
  "a value that is a number": {
    step: {
      env: [
        { name: "A", value: 5 },
        { name: "B", value: "${{ params.nope }}" },
        { name: "1 =", value: "x" },
      ],
    },
  },
  "amounts that are none": { step: { resources: { requests: { cpu: "a", "nvidia.com/gpu": 1 } } } },
  "volumes that are wrong": { step: { pod: { volumes: [{ nam: "v", emptyDir: {} }] }, volumeMounts: [{ name: "v", mountPath: "/v" }] } },
  "a volume that isn't there": { step: { volumeMounts: [{ name: "w", mountPath: "/w" }], script: "echo ${{ params.nope }}" } },
  "a manifest with an unknown field": {
    step: {
      image: undefined,
      manifest: { apiVersion: "batch/v1", kind: "Job", metadata: { name: "x" }, spec: { x: "${{ params.nope }}" } },
    },
  },
  "a condition that is a number": { step: { if: 1, image: "BAD", script: "echo ${{ params.nope }}" } },
  "a name that is none": { step: { name: "A_b", script: "echo ${{ params.nope }}" } },
  "a step of finally": {
    pipeline: {
      finally: [
        { name: "x", image: [] },
        { name: "end", image: "busybox", script: "echo ${{ params.nope }}" },
      ],
    },
  },
  "a pod with an unknown field": { pipeline: { pod: { nodeselector: { a: "b" }, tolerations: [{ operator: "Equal" }] } } },
  "a workspace without a size": { pipeline: { workspace: { siz: "1Gi" } } },
  "a default of another type": { pipeline: { params: [{ name: "p", type: "integer", default: "x" }] } },
};

/** Where something is told of a file. */
function placesIn(object: object): string[] {
  const { manifests, parts, problems } = readManifests(JSON.stringify(object), kinds);
  const more = [...manifests.map((one) => findingsIn(one).problems), ...parts.map((part) => part.theirs(findingsIn(part).problems))].flat();
  return [...problems, ...more].map((problem: Problem) => formatPath(problem.path)).sort();
}

test("what a policy's schema finds hides nothing of what is found beside that", () => {
  const window = { cron: "0 25 * * *", duration: "4h", timeZone: "Europe/Zurch" };
  const crossed = { cpu: { min: 4, max: 1 } };
  const spec = {
    mode: "inplace",
    windows: [window, { cron: "@daily", duration: "4 hours" }],
    bounds: { ...crossed, memory: { min: "64MB" } },
    containers: [{ name: "a" }, { name: "a" }, { name: "b", resources: ["gpu"], bounds: crossed }],
    minChanges: 5,
  };
  expect(placesIn({ apiVersion: "plimsoll.dev/v1alpha1", kind: "RightSizingPolicy", metadata: { name: "p" }, spec })).toEqual([
    "spec.bounds.cpu",
    "spec.bounds.memory.min",
    "spec.containers[1].name",
    "spec.containers[2].bounds.cpu",
    "spec.containers[2].resources[0]",
    "spec.minChanges",
    "spec.mode",
    "spec.windows[0].cron",
    "spec.windows[0].timeZone",
    "spec.windows[1].duration",
  ]);
});

/** What is told of a pipeline with some faults, each in a step of its own. */
function told(names: readonly string[], only = names): string[] {
  const some = names.map((name) => faults[name] ?? {});
  const steps = some.map(({ step = {} }, index) => ({
    name: `s${index}`,
    image: "busybox",
    ...(only.includes(names[index] ?? "") ? step : {}),
  }));
  const spec = {
    ...Object.assign({}, ...some.map(({ pipeline = {} }, index) => (only.includes(names[index] ?? "") ? pipeline : {}))),
    steps: [...steps, { name: "first", image: "busybox" }],
  };
  return placesIn({ apiVersion: "plimsoll.dev/v1alpha1", kind: "Pipeline", metadata: { name: "p" }, spec });
}

test("each of two faults in different places is told as it is alone", () => {
  const names = Object.keys(faults);
  for (const one of names)
    for (const other of names.slice(names.indexOf(one) + 1)) {
      const both = [one, other];
      expect([both, told(both)]).toEqual([both, [...told(both, [one]), ...told(both, [other])].sort()]);
    }
});

test("nothing that is wrong is told twice, and nothing beside it is left untold", () => {
  expect(Object.fromEntries(Object.keys(faults).map((name) => [name, told([name])]))).toMatchInlineSnapshot(`
    {
      "a condition that is a number": [
        "spec.steps[0].if",
        "spec.steps[0].image",
        "spec.steps[0].script",
      ],
      "a default of another type": [
        "spec.params[0].default",
      ],
      "a manifest with an unknown field": [
        "spec.steps[0].manifest.metadata.name",
        "spec.steps[0].manifest.spec.x",
        "spec.steps[0].manifest.spec.x",
      ],
      "a name that is none": [
        "spec.steps[0].name",
        "spec.steps[0].script",
      ],
      "a pod with an unknown field": [
        "spec.pod.nodeselector",
        "spec.pod.tolerations[0].key",
      ],
      "a script beside a command": [
        "spec.steps[0]",
        "spec.steps[0].script",
      ],
      "a step of finally": [
        "spec.finally[0].image",
        "spec.finally[1].script",
      ],
      "a value that is a number": [
        "spec.steps[0].env[0].value",
        "spec.steps[0].env[1].value",
        "spec.steps[0].env[2].name",
      ],
      "a volume that isn't there": [
        "spec.steps[0].script",
        "spec.steps[0].volumeMounts[0].name",
      ],
      "a workspace without a size": [
        "spec.workspace.siz",
      ],
      "amounts that are none": [
        "spec.steps[0].resources.limits",
        "spec.steps[0].resources.requests.cpu",
      ],
      "an image by another name": [
        "spec.steps[0].container",
        "spec.steps[0].script",
      ],
      "an image that is a number": [
        "spec.steps[0].image",
        "spec.steps[0].script",
      ],
      "an unknown field": [
        "spec.steps[0].script",
        "spec.steps[0].tiemout",
      ],
      "items that are a map": [
        "spec.steps[0].forEach",
      ],
      "items that are none": [
        "spec.steps[0].forEach",
        "spec.steps[0].script",
      ],
      "needs by another name": [
        "spec.steps[0].dependsOn",
        "spec.steps[0].script",
      ],
      "needs of nothing": [
        "spec.steps[0].needs[0]",
        "spec.steps[0].script",
      ],
      "needs that are a number": [
        "spec.steps[0].needs",
        "spec.steps[0].script",
      ],
      "needs that are a text": [
        "spec.steps[0].needs",
        "spec.steps[0].script",
      ],
      "no image": [
        "spec.steps[0]",
        "spec.steps[0].script",
      ],
      "volumes that are wrong": [
        "spec.steps[0].pod.volumes[0].name",
      ],
    }
  `);
});
