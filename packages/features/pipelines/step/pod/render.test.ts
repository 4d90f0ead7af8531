import type { Step } from "@plimsoll/api";
import * as fc from "fast-check";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { expect, test } from "vitest";
import { ofPod, ofStep, podOf, stepOf } from "../../testing/pod-of.ts";
import { violations } from "../../testing/restricted.ts";

const anyStep: fc.Arbitrary<Step> = fc.record(
  {
    name: fc.constant("a"),
    image: fc.constant("busybox"),
    script: fc.constant("echo ${{ item }}"),
    env: fc.constant([{ name: "X", value: "1" }]),
    resources: fc.constant({ requests: { cpu: 1, memory: "1Gi" } }),
    securityContext: fc.constantFrom({ runAsUser: 2000 }, { capabilities: { add: ["NET_BIND_SERVICE"] } }),
    pod: fc.record(
      {
        serviceAccountName: fc.constant("robot"),
        volumes: fc.constant([{ name: "shm", emptyDir: { medium: "Memory" } }]),
        initContainers: fc.constantFrom(
          [{ name: "i", image: "i" }],
          [{ name: "s", image: "s", restartPolicy: "Always" as const, securityContext: { runAsUser: 65_534, capabilities: { add: [] } } }],
        ),
        securityContext: fc.constant({ runAsUser: 2000, fsGroup: 3000, readOnlyRootFilesystem: true }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["name", "image", "script"] },
);

test("every pod meets the restricted Pod Security Standard, and has no token unless it names a ServiceAccount", () => {
  fc.assert(
    fc.property(anyStep, fc.boolean(), (step, workspace) => {
      const { spec = { containers: [] } } = podOf({
        ...(workspace ? { workspace: { size: "1Gi" } } : {}),
        steps: [{ ...step, forEach: ["x"] }],
      });
      expect(violations(spec)).toEqual([]);
      expect(spec.containers.map(({ name }) => name)).toEqual(["step"]);
      expect(spec).toMatchObject({
        restartPolicy: "Never",
        enableServiceLinks: false,
        automountServiceAccountToken: step.pod?.serviceAccountName !== undefined,
      });
    }),
  );
});

test("a user can ask for what the standard forbids, and only then gets it", () => {
  const broken = ["is privileged", "may escalate its privileges", "adds capabilities", "may run as root", "runs as root"];
  const own = { privileged: true, runAsNonRoot: false, runAsUser: 0 };
  const specOf = ({ spec }: Pod): NonNullable<Pod["spec"]> => spec ?? { containers: [] };
  expect(violations(specOf(ofPod({ securityContext: { ...own, addCapabilities: ["SYS_ADMIN"] } })))).toEqual(broken);
  expect(violations(specOf(ofStep({ securityContext: { ...own, capabilities: { add: ["SYS_ADMIN"] } } })))).toEqual(broken);
  expect(violations(specOf(ofPod({ initContainers: [{ name: "i", image: "i", securityContext: { privileged: true } }] })))).toEqual(
    broken.slice(0, 2),
  );
});

test("a step's securityContext replaces field by field what the pod's says of the container", () => {
  const pod = { securityContext: { readOnlyRootFilesystem: true, addCapabilities: ["NET_ADMIN"], privileged: true } };
  const { spec } = ofStep({ pod, securityContext: { privileged: false, capabilities: { drop: ["CHOWN"] } } });
  expect(spec?.containers[0]?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    capabilities: { add: ["NET_ADMIN"], drop: ["CHOWN"] },
  });
});

test("the pod of a script, whole", () => {
  const pod = podOf(
    { workspace: { size: "1Gi" }, steps: [{ name: "a", image: "busybox", script: "true", forEach: [{ x: 1 }] }] },
    { deadline: 60, try: 2 },
  );
  expect(pod).toMatchInlineSnapshot(`
    {
      "metadata": {
        "annotations": {
          "plimsoll.dev/item": "{"x":1}",
          "plimsoll.dev/script": "true",
        },
        "labels": {
          "plimsoll.dev/item": "0",
          "plimsoll.dev/run": "run",
          "plimsoll.dev/run-uid": "uid",
          "plimsoll.dev/step": "a",
          "plimsoll.dev/try": "2",
        },
        "name": "run--a--1",
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
        "affinity": {
          "podAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [
              {
                "labelSelector": {
                  "matchLabels": {
                    "plimsoll.dev/run-uid": "uid",
                  },
                },
                "topologyKey": "kubernetes.io/hostname",
              },
            ],
          },
        },
        "automountServiceAccountToken": false,
        "containers": [
          {
            "command": [
              "/bin/sh",
              "/plimsoll/script",
            ],
            "env": [
              {
                "name": "PLIMSOLL_OUTPUTS",
                "value": "/dev/termination-log",
              },
              {
                "name": "PLIMSOLL_ITEM",
                "value": "/plimsoll/item.json",
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
                "mountPath": "/plimsoll",
                "name": "plimsoll",
                "readOnly": true,
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
            "name": "plimsoll",
            "projected": {
              "sources": [
                {
                  "downwardAPI": {
                    "items": [
                      {
                        "fieldRef": {
                          "fieldPath": "metadata.annotations['plimsoll.dev/script']",
                        },
                        "mode": 365,
                        "path": "script",
                      },
                      {
                        "fieldRef": {
                          "fieldPath": "metadata.annotations['plimsoll.dev/item']",
                        },
                        "mode": 292,
                        "path": "item.json",
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    }
  `);
});

test("a step's pod options replace the pipeline's field by field", () => {
  const pod = podOf({
    pod: { nodeSelector: { a: "1" }, priorityClassName: "low" },
    steps: [stepOf({ pod: { nodeSelector: { b: "2" }, serviceAccountName: "robot" } })],
  });
  expect(pod.spec).toMatchObject({
    nodeSelector: { b: "2" },
    priorityClassName: "low",
    serviceAccountName: "robot",
    automountServiceAccountToken: true,
  });
});

test("variables stand in their order, those from Secrets too, and Plimsoll's behind them", () => {
  const { spec } = ofStep({
    env: [
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      { name: "URL", value: "https://x:$(TOKEN)@y" },
    ],
    envFrom: [{ prefix: "P_", secretRef: { name: "all" } }],
  });
  expect(spec?.containers[0]?.env).toEqual([
    { name: "TOKEN", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    { name: "URL", value: "https://x:$(TOKEN)@y" },
    { name: "PLIMSOLL_OUTPUTS", value: "/dev/termination-log" },
  ]);
  expect(spec?.containers[0]?.envFrom).toEqual([{ prefix: "P_", secretRef: { name: "all" } }]);
});

test("memory grows with the factor, in requests and limits, and nothing else does", () => {
  const resources = {
    requests: { cpu: "500m", memory: "1Gi" },
    limits: { memory: "1000M", "nvidia.com/gpu": 1 },
    claims: [{ name: "gpu" }],
  };
  const pod = podOf(
    { pod: { resourceClaims: [{ name: "gpu", resourceClaimName: "c" }] }, steps: [stepOf({ resources })] },
    { memory: 1.5 },
  );
  expect(pod.spec?.containers[0]?.resources).toEqual({
    requests: { cpu: "500m", memory: "1.5Gi" },
    limits: { memory: "1500M", "nvidia.com/gpu": "1" },
    claims: [{ name: "gpu" }],
  });
  expect(pod.spec).toMatchObject({ resourceClaims: [{ name: "gpu", resourceClaimName: "c" }] });
});

test("a pod has at least a second", () => {
  expect(podOf({ steps: [stepOf()] }, { deadline: 0 }).spec?.activeDeadlineSeconds).toBe(1);
});

test("init containers keep what they say, and get what they leave out", () => {
  const given = {
    name: "s",
    image: "s",
    imagePullPolicy: "Always" as const,
    restartPolicy: "Always" as const,
    securityContext: { runAsUser: 7 },
  };
  expect(ofPod({ initContainers: [given] }).spec?.initContainers).toEqual([
    { ...given, securityContext: { runAsUser: 7, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
  ]);
  expect(ofPod({ initContainers: [{ name: "i", image: "i" }] }).spec?.initContainers).toMatchObject([{ imagePullPolicy: "IfNotPresent" }]);
});

test("a patch reaches what has no field", () => {
  const patch = {
    metadata: { annotations: { a: "b" } },
    spec: {
      hostname: "h",
      containers: [
        { name: "step", tty: true },
        { name: "more", image: "m" },
      ],
    },
  };
  expect(ofPod({ patch })).toMatchObject({
    metadata: { name: "run--a--1", annotations: { a: "b" } },
    spec: { hostname: "h", containers: [{ name: "step", image: "busybox", tty: true }, { name: "more" }] },
  });
});

test("a patch that takes what the pod is known by fails the step, with the field", () => {
  expect(() => ofPod({ patch: { spec: { restartPolicy: "Always" } } })).toThrow(
    expect.objectContaining({
      path: ["pod", "patch"],
      message: "spec.restartPolicy: is Never in every pod of a step: take it out; tries are the step's retry",
    }),
  );
});
