import type { PipelineSpec, Step } from "@plimsoll/api";
import * as fc from "fast-check";
import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { compile, type Plan } from "./plan/plan.ts";
import { renderIndexedJob, renderJob, renderWorkspace, type Rendering } from "./render.ts";
import { toCel } from "./language/cel.ts";
import { jobName } from "./names.ts";
import { violations } from "./testing/restricted.ts";

const run = { namespace: "ns", name: "run", uid: "uid" };

function rendering(pipeline: PipelineSpec): Rendering & { plan: Plan } {
  const result = compile({ pipeline });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  const [step] = result.plan.steps;
  if (step === undefined) throw new Error("no step");
  return { run, plan: result.plan, step, variables: { params: result.plan.params }, timeout: step.timeout };
}

const stepOf: fc.Arbitrary<Step> = fc.record(
  {
    name: fc.constant("a"),
    image: fc.constant("busybox"),
    script: fc.constant("echo ${{ item }}"),
    env: fc.constant([{ name: "X", value: "1" }]),
    timeout: fc.constant("1m"),
    resources: fc.constant({ requests: { cpu: 1, memory: "1Gi" } }),
    pod: fc.record(
      {
        nodeSelector: fc.constant({ a: "b" }),
        serviceAccountName: fc.constant("robot"),
        runtimeClassName: fc.constant("gvisor"),
        securityContext: fc.constant({ runAsUser: 2000, fsGroup: 3000, readOnlyRootFilesystem: true }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["name", "image", "script"] },
);

test("every pod meets the restricted Pod Security Standard, has one container, and no token unless it names a ServiceAccount", () => {
  fc.assert(
    fc.property(stepOf, fc.boolean(), fc.boolean(), (step, fanOut, workspace) => {
      const source = rendering({ ...(workspace ? { workspace: { size: "1Gi" } } : {}), steps: [{ ...step, forEach: ["x"] }] });
      const variables = { ...source.variables, item: "x" };
      const job = fanOut ? renderIndexedJob(source, [variables]).job : renderJob({ ...source, variables }, 0);
      const pod: PodSpec = job.spec?.template.spec ?? { containers: [] };
      expect(violations(pod)).toEqual([]);
      expect(pod.containers).toHaveLength(1);
      expect(pod.initContainers).toBeUndefined();
      expect(pod).toMatchObject({
        restartPolicy: "Never",
        enableServiceLinks: false,
        automountServiceAccountToken: step.pod?.serviceAccountName !== undefined,
      });
    }),
  );
});

test("a user can ask for what the standard forbids, and only then gets it", () => {
  const source = rendering({
    steps: [
      {
        name: "a",
        image: "busybox",
        command: ["x"],
        pod: { securityContext: { privileged: true, runAsNonRoot: false, runAsUser: 0, addCapabilities: ["SYS_ADMIN"] } },
      },
    ],
  });
  expect(violations(renderJob(source).spec?.template.spec ?? { containers: [] })).toEqual([
    "is privileged",
    "may escalate its privileges",
    "adds capabilities",
    "may run as root",
    "runs as root",
  ]);
});

test("the Job of a script, whole", () => {
  const source = rendering({
    workspace: { size: "1Gi" },
    steps: [{ name: "a", image: "busybox", script: "true", retry: { limit: 2 }, timeout: "1m" }],
  });
  expect(renderJob(source)).toMatchInlineSnapshot(`
    {
      "metadata": {
        "labels": {
          "plimsoll.dev/run": "run",
          "plimsoll.dev/run-uid": "uid",
          "plimsoll.dev/step": "a",
        },
        "name": "run--a",
        "namespace": "ns",
        "ownerReferences": [
          {
            "apiVersion": "plimsoll.dev/v1alpha1",
            "controller": true,
            "kind": "PipelineRun",
            "name": "run",
            "uid": "uid",
          },
        ],
      },
      "spec": {
        "activeDeadlineSeconds": 60,
        "backoffLimit": 2,
        "podFailurePolicy": {
          "rules": [
            {
              "action": "Ignore",
              "onPodConditions": [
                {
                  "status": "True",
                  "type": "DisruptionTarget",
                },
              ],
            },
          ],
        },
        "podReplacementPolicy": "Failed",
        "template": {
          "metadata": {
            "annotations": {
              "plimsoll.dev/script": "#!/bin/sh
    true",
            },
            "labels": {
              "plimsoll.dev/run": "run",
              "plimsoll.dev/run-uid": "uid",
              "plimsoll.dev/step": "a",
            },
          },
          "spec": {
            "automountServiceAccountToken": false,
            "containers": [
              {
                "command": [
                  "/plimsoll/script",
                ],
                "env": [
                  {
                    "name": "PLIMSOLL_OUTPUTS",
                    "value": "/dev/termination-log",
                  },
                ],
                "image": "busybox",
                "imagePullPolicy": "IfNotPresent",
                "name": "step",
                "securityContext": {
                  "allowPrivilegeEscalation": false,
                  "capabilities": {
                    "drop": [
                      "ALL",
                    ],
                  },
                },
                "terminationMessagePath": "/dev/termination-log",
                "volumeMounts": [
                  {
                    "mountPath": "/workspace",
                    "name": "workspace",
                  },
                  {
                    "mountPath": "/plimsoll/script",
                    "name": "script",
                    "readOnly": true,
                    "subPath": "script",
                  },
                ],
                "workingDir": "/workspace",
              },
            ],
            "enableServiceLinks": false,
            "restartPolicy": "Never",
            "securityContext": {
              "fsGroup": 1000,
              "runAsGroup": 1000,
              "runAsNonRoot": true,
              "runAsUser": 1000,
              "seccompProfile": {
                "type": "RuntimeDefault",
              },
            },
            "volumes": [
              {
                "name": "workspace",
                "persistentVolumeClaim": {
                  "claimName": "run--workspace",
                },
              },
              {
                "name": "script",
                "projected": {
                  "defaultMode": 365,
                  "sources": [
                    {
                      "downwardAPI": {
                        "items": [
                          {
                            "fieldRef": {
                              "fieldPath": "metadata.annotations['plimsoll.dev/script']",
                            },
                            "path": "script",
                          },
                        ],
                      },
                    },
                  ],
                },
              },
            ],
          },
        },
      },
    }
  `);
});

test("a step's pod options replace the pipeline's field by field", () => {
  const pod = renderJob(
    rendering({
      pod: { nodeSelector: { a: "1" }, priorityClassName: "low" },
      steps: [{ name: "a", image: "busybox", command: ["x"], pod: { nodeSelector: { b: "2" }, serviceAccountName: "robot" } }],
    }),
  ).spec?.template.spec;
  expect(pod).toMatchObject({
    nodeSelector: { b: "2" },
    priorityClassName: "low",
    serviceAccountName: "robot",
    automountServiceAccountToken: true,
  });
});

test("a single script travels in its pod's annotation, and gets an interpreter where it names none", () => {
  const job = renderJob(
    rendering({ params: [{ name: "x", default: "1" }], steps: [{ name: "a", image: "busybox", script: "echo ${{ params.x }}" }] }),
  );
  expect(job.spec?.template.metadata?.annotations).toEqual({ "plimsoll.dev/script": "#!/bin/sh\necho 1" });
  expect(job.spec?.template.spec?.containers[0]?.command).toEqual(["/plimsoll/script"]);
});

test("the scripts of a fan-out are packed into as few ConfigMaps as hold them, each under its item's number", () => {
  const source = rendering({ steps: [{ name: "a", image: "busybox", script: "${{ item }}", forEach: [1] }] });
  const scripts = Array.from({ length: 30 }, (_, item) => ({ item: toCel(`#!${"x".repeat(100_000)}${item}`) }));
  const { job, configMaps } = renderIndexedJob(source, scripts);
  expect(configMaps).toHaveLength(4);
  const data = Object.assign({}, ...configMaps.map((configMap) => configMap.data)) as Record<string, string>;
  expect(Object.keys(data)).toHaveLength(30);
  expect(data["29"]).toMatch(/x29$/);
  expect(job.spec).toMatchObject({ completionMode: "Indexed", completions: 30, parallelism: 30, backoffLimitPerIndex: 0 });
});

test("every object is the run's own and carries its labels", () => {
  const source = rendering({
    workspace: { size: "1Gi" },
    steps: [{ name: "a", image: "busybox", command: ["x"], retry: { limit: 2 }, timeout: "1m30s" }],
  });
  const job = renderJob(source, 4);
  expect(job.metadata).toMatchObject({
    name: "run--a--4",
    labels: { "plimsoll.dev/run": "run", "plimsoll.dev/run-uid": "uid", "plimsoll.dev/step": "a", "plimsoll.dev/item": "4" },
    ownerReferences: [{ uid: "uid", controller: true }],
  });
  expect(job.spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 90 });
  expect(renderWorkspace(run, { size: "1Gi" })).toMatchObject({ metadata: { name: "run--workspace", ownerReferences: [{ uid: "uid" }] } });
});

test("long names are cut to 57 characters and stay different", () => {
  const names = ["a", "b"].map((end) => jobName("r".repeat(40), "s".repeat(39) + end));
  expect(names.map((name) => name.length)).toEqual([57, 57]);
  expect(new Set(names).size).toBe(2);
});

test("no two steps or items of any runs share a name, though their parts could be divided otherwise", () => {
  const part = fc.stringMatching(/^[ab1]{1,2}(-[ab1]{1,2}){0,2}$/);
  const owner = fc.tuple(part, part, fc.option(fc.nat(20), { nil: undefined }));
  fc.assert(
    fc.property(owner, owner, (a, b) => {
      expect(jobName(...a) === jobName(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 2_000 },
  );
});
