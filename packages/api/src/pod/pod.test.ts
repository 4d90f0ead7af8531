import { expect, test } from "vitest";
import { parse } from "yaml";
import { formatPath } from "../problems/path.ts";
import { pipelineSpec } from "../kinds/pipeline.ts";
import { problemsIn } from "../problems/issues.ts";
import { structural } from "../schema/structural.ts";

function problemsOf(step: string, pod = "{}", rest = ""): string[] {
  const text = `pod: ${pod}\nsteps:\n- {name: a, image: b, command: [c], ${step}}\n${rest}`;
  return problemsIn(pipelineSpec, parse(text)).map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

test("whatever a pod may need can be said", () => {
  const step = `
    env: [{name: A, value: x}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: C, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}],
    envFrom: [{prefix: P_, secretRef: {name: s}}, {configMapRef: {name: c, optional: true}}],
    volumeMounts: [{name: shm, mountPath: /dev/shm}, {name: workspace, mountPath: /data, subPath: data}, {name: late, mountPath: /late}],
    resources: {limits: {nvidia.com/gpu: 1}, claims: [{name: gpu}]},
    securityContext: {capabilities: {add: [NET_ADMIN]}, runAsUser: 0, runAsNonRoot: false}`;
  const pod = `{
    labels: {team: a, example.com/team: ""}, annotations: {example.com/note: any text},
    volumes: [{name: shm, emptyDir: {medium: Memory, sizeLimit: 1Gi}}, {name: v, csi: {driver: d}}, {name: i, image: {reference: r}}],
    affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}},
    topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}],
    initContainers: [{name: proxy, image: p, restartPolicy: Always, startupProbe: {httpGet: {port: 1}}, volumeMounts: [{name: v, mountPath: /v}]}],
    terminationGracePeriodSeconds: 60, hostAliases: [{ip: 10.0.0.1, hostnames: [h]}], dnsPolicy: None, dnsConfig: {nameservers: [10.0.0.1]},
    schedulerName: s, resourceClaims: [{name: gpu, resourceClaimTemplateName: t}],
    patch: {metadata: {labels: {team: null}}, spec: {hostname: h, volumes: [{name: late, emptyDir: {}}], containers: [{name: step, tty: true}]}}}`;
  expect(problemsOf(step, pod, "workspace: {size: 1Gi, accessMode: ReadWriteMany}")).toEqual([]);
});

test.each([
  ["env: [{name: A}]", "steps[0].env[0].value: is missing: give a string, or valueFrom"],
  ["env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: f}}}]", "steps[0].env[0].valueFrom: stands beside value: give one of them"],
  ["env: [{name: A, valueFrom: {}}]", "steps[0].env[0].valueFrom: give one of secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef"],
  [
    "env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}, fieldRef: {fieldPath: f}}}]",
    "steps[0].env[0].valueFrom.fieldRef: stands beside secretKeyRef: give one of them",
  ],
  ["env: [{name: A, valueFrom: {secretKeyRef: {name: s}}}]", "steps[0].env[0].valueFrom.secretKeyRef.key: is missing: give a string"],
  [
    "env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k, optionl: true}}}]",
    'steps[0].env[0].valueFrom.secretKeyRef.optionl: there is no such field; did you mean "optional"?',
  ],
  ["env: [{name: A, value: x}, {name: A, value: y}]", 'steps[0].env[1].name: "A" stands in entry 0 already: give each its own'],
  [
    "env: [{name: PLIMSOLL_X, value: x}]",
    'steps[0].env[0].name: is "PLIMSOLL_X", but what begins with PLIMSOLL_ is Plimsoll\'s: give it another name',
  ],
  ["envFrom: [{prefix: A}]", "steps[0].envFrom[0]: give one of secretRef, configMapRef"],
  [
    "volumeMounts: [{name: data, mountPath: /data}]",
    'steps[0].volumeMounts[0].name: there is no volume "data" in pod.volumes, nor any other',
  ],
  [
    "volumeMounts: [{name: workspace, mountPath: /data}]",
    'steps[0].volumeMounts[0].name: is "workspace", but the pipeline has none: give it a workspace',
  ],
  ["resources: {claims: [{name: gpu}]}", 'steps[0].resources.claims[0].name: there is no claim "gpu" in pod.resourceClaims, nor any other'],
  ["securityContext: {runAsUser: 0}", "steps[0].securityContext.runAsUser: is 0, but root is refused: give runAsNonRoot: false beside it"],
  ["securityContext: {runAsuser: 1}", 'steps[0].securityContext.runAsuser: there is no such field; did you mean "runAsUser"?'],
])("the step %s is refused, with the field", (step, problem) => {
  expect(problemsOf(step)).toEqual([problem]);
});

test("a path of a mount is absolute", () => {
  expect(problemsOf("volumeMounts: [{name: v, mountPath: data}]", "{volumes: [{name: v, emptyDir: {}}]}")).toEqual([
    'steps[0].volumeMounts[0].mountPath: is "data": must be an absolute path without a colon, as in /data',
  ]);
});

test.each(["/workspace", "/workspace/", "/plimsoll", "/plimsoll/x", "/dev/termination-log", "/"])(
  "nothing can be mounted at %s",
  (path) => {
    expect(
      problemsOf(`volumeMounts: [{name: v, mountPath: ${path}}]`, "{volumes: [{name: v, emptyDir: {}}]}", "workspace: {size: 1Gi}"),
    ).toEqual([`steps[0].volumeMounts[0].mountPath: is "${path}", where something stands already: mount it elsewhere`]);
  },
);

test.each([
  ["{volumes: [{name: v}]}", "pod.volumes[0]: says not what it holds: give one of secret, configMap, emptyDir and the like"],
  [
    "{volumes: [{name: v, emptyDir: {}, secret: {}}]}",
    "pod.volumes[0].secret: stands beside emptyDir: a volume holds one thing, so take one of them out",
  ],
  ["{volumes: [{name: v, secrt: {}}]}", 'pod.volumes[0].secrt: there is no such kind of volume; did you mean "secret"?'],
  ["{volumes: [{name: v, secret: s}]}", "pod.volumes[0].secret: must be a map, as in secret: {secretName: NAME}"],
  ["{volumes: [{emptyDir: {}}]}", "pod.volumes[0].name: is missing: give a string"],
  [
    "{volumes: [{name: workspace, emptyDir: {}}]}",
    'pod.volumes[0].name: is "workspace", as a volume of Plimsoll\'s is named: give it another name',
  ],
  [
    "{volumes: [{name: v, emptyDir: {}}, {name: v, emptyDir: {}}]}",
    'pod.volumes[1].name: "v" stands in entry 0 already: give each its own',
  ],
  [
    "{initContainers: [{name: step, image: i}]}",
    'pod.initContainers[0].name: is "step", as the container of the step itself is named: give it another name',
  ],
  [
    "{initContainers: [{name: i, image: i, volumeMount: []}]}",
    'pod.initContainers[0].volumeMount: there is no such field; did you mean "volumeMounts"?',
  ],
  [
    "{initContainers: [{name: i, image: i, volumeMounts: [{name: v, mountPath: /v}]}]}",
    'pod.initContainers[0].volumeMounts[0].name: there is no volume "v" in pod.volumes, nor any other',
  ],
  [
    "{initContainers: [{name: i, image: 'x:${{ params.tag }}'}]}",
    "pod.initContainers[0].image: holds ${{, but expressions aren't evaluated here: give the value itself, or the step an env",
  ],
  [
    "{labels: {plimsoll.dev/run: x}}",
    'pod.labels["plimsoll.dev/run"]: what begins with plimsoll.dev/ is Plimsoll\'s: give the label another name',
  ],
  ["{labels: {a b: x}}", 'pod.labels["a b"]: is not the name of a label: write it as in team or example.com/team'],
  [
    "{labels: {a: x y}}",
    'pod.labels.a: is "x y": must be at most 63 letters, digits, dashes, dots and underscores, and begin and end with a letter or a digit',
  ],
  [
    "{annotations: {plimsoll.dev/script: x}}",
    'pod.annotations["plimsoll.dev/script"]: what begins with plimsoll.dev/ is Plimsoll\'s: give the annotation another name',
  ],
  ["{affinity: {podAffinty: {}}}", 'pod.affinity.podAffinty: there is no such field; did you mean "podAffinity"?'],
  ["{securityContext: {runAsUser: 0}}", "pod.securityContext.runAsUser: is 0, but root is refused: give runAsNonRoot: false beside it"],
])("the pod %s is refused, with the field", (pod, problem) => {
  expect(problemsOf("", pod)).toEqual([problem]);
});

test("a step that replaces what the pipeline's initContainers name is told so, and what is wrong for all is told once", () => {
  const init = "initContainers: [{name: i, image: i, volumeMounts: [{name: v, mountPath: /v}]}]";
  const steps = "- {name: b, image: b, pod: {volumes: []}}\n- {name: c, image: b}";
  expect(problemsOf("", `{volumes: [{name: v, emptyDir: {}}], ${init}}`, steps)).toEqual([
    'steps[1].pod.volumes: replaces the pipeline\'s, whose initContainers need it: there is no volume "v" in pod.volumes, nor any other',
  ]);
  expect(problemsOf("", `{${init}}`, "- {name: c, image: b}\n- {name: d, image: b}")).toHaveLength(1);
});

test("what lies deep is not for the API server to check: it costs time at each write", () => {
  const size = (text: unknown): number => JSON.stringify(text).length;
  expect(size(structural(pipelineSpec))).toBeLessThan(45_000);
});
