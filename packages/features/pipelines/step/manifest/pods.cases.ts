const job = "apiVersion: batch/v1, kind: Job";
const template = (pod: string, more = ""): string => `spec: {template: {spec: {${pod}}}${more}}`;
const container = "containers: [{name: a, image: busybox}]";

/** Objects in YAML, of which nothing is told. */
export const taken: readonly string[] = [
  `{${job}, ${template(`restartPolicy: Never, ${container}`)}}`,
  `{${job}, ${template(`restartPolicy: OnFailure, ${container}`, ', parallelism: "${{ params.n }}"')}}`,
  `{${job}, ${template('restartPolicy: "${{ params.x }}", containers: [{name: a, image: "${{ params.x }}"}]')}}`,
  `{${job}, ${template('restartPolicy: Never, containers: "${{ params.x }}"')}}`,
  `{${job}, ${template('restartPolicy: Never, containers: ["${{ params.x }}"]')}}`,
  `{${job}, ${template('restartPolicy: Never, containers: ["${{ params.x }}", {name: a, image: busybox}]')}}`,
  `{${job}, ${template('restartPolicy: Never, containers: [{name: a, image: busybox, env: ["${{ params.x }}", {name: B}, "${{ params.y }}"]}]')}}`,
  `{${job}, ${template(`restartPolicy: Never, ${container}, volumes: ["\${{ params.x }}"]`)}}`,
  `{${job}, ${template('restartPolicy: Never, volumes: [{name: "${{ params.x }}", emptyDir: {}}], containers: [{name: a, image: b, volumeMounts: [{name: v, mountPath: /v}]}]')}}`,
  `{${job}, ${template('restartPolicy: Never, resourceClaims: "${{ params.x }}", containers: [{name: a, image: b, resources: {claims: [{name: c}]}}]')}}`,
  `{apiVersion: batch/v1, kind: CronJob, spec: {schedule: "* * * * *", jobTemplate: {${template(`restartPolicy: Never, ${container}`)}}}}`,
  `{apiVersion: apps/v1, kind: Deployment, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b, c: d}}, spec: {${container}}}}}`,
  `{apiVersion: apps/v1, kind: StatefulSet, spec: {serviceName: a, selector: {matchLabels: {a: b}}, volumeClaimTemplates: [{metadata: {name: v}, spec: {}}], template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b, volumeMounts: [{name: v, mountPath: /v}]}]}}}}`,
  `{apiVersion: v1, kind: Pod, spec: {${container}}}`,
  "{apiVersion: ray.io/v1, kind: RayJob, spec: {x: [1]}}",
  "{apiVersion: v1, kind: ConfigMap, data: {a: b}}",
];

const at = "manifest.spec.template.spec";

/** Objects in YAML, each with what is told of it where it stands in `manifest`. */
export const refused: readonly (readonly [object: string, message: string])[] = [
  [`{${job}, ${template(container)}}`, `${at}.restartPolicy: is missing, which stands for Always: must be OnFailure or Never`],
  [`{${job}, ${template(`restartPolicy: Always, ${container}`)}}`, `${at}.restartPolicy: is "Always": must be OnFailure or Never`],
  [`{${job}, ${template("restartPolicy: Never, containers: [{name: a}]")}}`, `${at}.containers[0].image: is missing: give it`],
  [
    `{${job}, ${template('restartPolicy: Never, containers: [{name: a, image: BAD, env: ["${{ params.x }}"]}]')}}`,
    `${at}.containers[0].image: "BAD" has capitals in its path: write them small`,
  ],
  [
    `{${job}, ${template('restartPolicy: "${{ params.x }}", containers: [{name: a, image: b, volumeMounts: [{name: v, mountPath: /v}]}]')}}`,
    `${at}.containers[0].volumeMounts[0].name: there is no volume "v" in the pod`,
  ],
  [`{${job}, ${template("restartPolicy: Never")}}`, `${at}.containers: is missing: give at least one container, with a name and an image`],
  [
    `{${job}, ${template("restartPolicy: Never, containers: [{name: a, image: BAD}]")}}`,
    `${at}.containers[0].image: "BAD" has capitals in its path: write them small`,
  ],
  [
    `{${job}, ${template(`restartPolicy: Never, restartpolicy: x, ${container}`)}}`,
    `${at}.restartpolicy: Kubernetes has no such field here; did you mean "restartPolicy"?`,
  ],
  [
    `{${job}, ${template(`restartPolicy: Never, ${container}`, ", paralelism: 2")}}`,
    'manifest.spec.paralelism: Kubernetes has no such field here; did you mean "parallelism"?',
  ],
  [`{${job}, spec: []}`, "manifest.spec: is a list: must be a map"],
  [`{${job}, spec: {template: []}}`, "manifest.spec.template: is a list: must be a map"],
  [`{${job}, spec: {template: {spec: []}}}`, "manifest.spec.template.spec: is a list: must be a map"],
  [`{${job}, spec: {template: {}}}`, "manifest.spec.template.spec: is missing: give a map"],
  [`{${job}}`, "manifest.spec: is missing: give a map"],
  ["{apiVersion: ray.io/v1, kind: RayJob, spec: [1]}", "manifest.spec: is a list: must be a map"],
  [
    `{apiVersion: apps/v1, kind: Deployment, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {${container}}}}}`,
    "manifest.spec.selector: doesn't choose the pods of the template: give its matchLabels what metadata.labels of the template have",
  ],
  [
    `{apiVersion: apps/v1, kind: StatefulSet, spec: {serviceName: a, selector: {matchLabels: {a: b}}, volumeClaimTemplates: [{metadata: {name: v}, spec: {}}], template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b, volumeMounts: [{name: w, mountPath: /v}]}]}}}}`,
    `${at}.containers[0].volumeMounts[0].name: there is no volume "w" in the pod`,
  ],
  [
    `{apiVersion: apps/v1, kind: DaemonSet, spec: {selector: {}, template: {spec: {restartPolicy: Never, ${container}}}}}`,
    `${at}.restartPolicy: is "Never": must be Always`,
  ],
];
