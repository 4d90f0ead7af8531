const job = "apiVersion: batch/v1, kind: Job";
const template = (pod: string, more = ""): string => `spec: {template: {spec: {${pod}}}${more}}`;
const container = "containers: [{name: a, image: busybox}]";

/** Objects in YAML, of which nothing is told. */
export const taken: readonly string[] = [
  `{${job}, ${template(`restartPolicy: Never, ${container}`)}}`,
  `{${job}, ${template(`restartPolicy: Never, ${container}`, ", completionMode: Indexed, completions: 3, parallelism: 0, backoffLimitPerIndex: 0, maxFailedIndexes: 3, successPolicy: {rules: [{succeededCount: 1}]}")}}`,
  `{${job}, ${template(`restartPolicy: Never, ${container}`, ", completionMode: Indexed")}}`,
  `{${job}, ${template(`restartPolicy: Never, ${container}`, ', completionMode: Indexed, completions: "${{ params.n }}", backoffLimitPerIndex: 1')}}`,
  `{${job}, ${template(`restartPolicy: Never, ${container}`, ", podReplacementPolicy: Failed, podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: a, operator: In, values: [1, 42]}}, {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: 'True'}]}]}")}}`,
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
  ...(
    [
      ["parallelism: -1", "parallelism: is -1: must be at least 0"],
      ["completionMode: Indexed, parallelism: 2", "completions: is missing: give how many indexes there are, as completionMode is Indexed"],
      ["completionMode: indexed", 'completionMode: is "indexed": must be Indexed or NonIndexed'],
      ["backoffLimitPerIndex: 1", "completionMode: must be Indexed, as there is backoffLimitPerIndex"],
      ["completionMode: Indexed, completions: 1, maxFailedIndexes: 1", "backoffLimitPerIndex: is missing: maxFailedIndexes takes it"],
      [
        "completionMode: Indexed, completions: 1, backoffLimitPerIndex: 1, maxFailedIndexes: 2",
        "maxFailedIndexes: is 2: can't be above completions, which is 1",
      ],
      ["completionMode: Indexed, completions: 1, parallelism: 100001", "parallelism: is 100001: must be at most 100000"],
      ["selector: {matchLabels: {a: b}}", "selector: leave it out: Kubernetes makes a Job's own"],
      ["manualSelector: true", "selector: is missing: manualSelector takes one; leave both out, and Kubernetes makes it"],
      ["podReplacementPolicy: Always", 'podReplacementPolicy: is "Always": must be TerminatingOrFailed or Failed'],
      [
        "podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: In, values: [1]}}]}",
        'podFailurePolicy.rules[0].action: is "FailIndex": must be Count, FailJob or Ignore',
      ],
      ["podFailurePolicy: {rules: [{action: Ignore}]}", "podFailurePolicy.rules[0]: give one of onExitCodes and onPodConditions"],
      [
        "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [0]}}]}",
        "podFailurePolicy.rules[0].onExitCodes.values[0]: is 0, which is no failure: take it out",
      ],
      [
        "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [3, 2]}}]}",
        "podFailurePolicy.rules[0].onExitCodes.values[1]: must be above the one before it: give each once, in order",
      ],
      [
        "podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {containerName: b, operator: In, values: [1]}}]}",
        'podFailurePolicy.rules[0].onExitCodes.containerName: there is no container "b" in the pod',
      ],
    ] as const
  ).map(
    ([more, message]) => [`{${job}, ${template(`restartPolicy: Never, ${container}`, `, ${more}`)}}`, `manifest.spec.${message}`] as const,
  ),
  [
    `{${job}, ${template(`restartPolicy: OnFailure, ${container}`, ", podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [1]}}]}")}}`,
    "manifest.spec.podFailurePolicy: goes with restartPolicy Never of the pod alone: give that, or take this out",
  ],
  [
    `{apiVersion: apps/v1, kind: Deployment, spec: {replicas: -1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {${container}}}}}`,
    "manifest.spec.replicas: is -1: must be at least 0",
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
