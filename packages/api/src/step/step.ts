import * as z from "zod";
import { crd, json, namePattern, nameRule, timeLimit, withRules } from "../schema/field.ts";
import { podOptions } from "../pod/pod.ts";
import { stepResources } from "../pod/auto-resources.ts";
import { env, envFrom } from "../pod/env.ts";
import { containerSecurity } from "../pod/security.ts";
import { volumeMounts } from "../pod/volume.ts";
import type { Problem } from "../problems/problem.ts";
import { retry } from "./retry.ts";
import { objectFields } from "./step-object.ts";
import { twice, withProblems } from "../problems/with-problems.ts";

const name = z.string().min(1).max(40).regex(new RegExp(namePattern), nameRule);

const need = z
  .string()
  .min(1)
  .max(40)
  .regex(
    new RegExp(`^(${namePattern.slice(1, -1)}|[a-z0-9][-a-z0-9]*[*])$`),
    `${nameRule}, or the beginning of names with a * at its end, as in "map-*"; no other pattern is known`,
  );

const fields = z.strictObject({
  name: name.describe("The step's name, once in a pipeline."),
  needs: withProblems(
    z
      .array(need, 'must be a list of the names of steps, as in [load, "map-*"], where a * at the end stands for all that begin so')
      .max(2500),
    twice,
  )
    .optional()
    .describe("The steps that must have ended before this one starts. A name that ends in * stands for all others that begin so.")
    .meta({ "x-kubernetes-list-type": "set" }),
  if: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe(
      "A CEL expression; where it is false the step is skipped. Given, the step is considered also when a step that it needs failed or was skipped.",
    ),
  image: z
    .string("must be the name of an image, as in busybox:1.36")
    .min(1)
    .max(1024)
    .optional()
    .describe("The container image. A step has an image, a manifest or spark."),
  ...objectFields,
  imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).optional().describe("Default: IfNotPresent."),
  script: z
    .string("must be one text: put a | behind script:, and its lines below that")
    .min(1)
    .max(131072)
    .optional()
    .describe(
      "A program that the container runs; its first line may name an interpreter (#!), else /bin/sh runs it. ${{ }} holds CEL expressions.",
    ),
  command: z
    .array(z.string().max(32768), "must be a list, as in [sh, -c, date]; a text of several words is a script")
    .min(1)
    .max(100)
    .optional()
    .describe("The command, in place of a script. ${{ }} holds CEL expressions."),
  args: z
    .array(z.string().max(32768))
    .max(500)
    .optional()
    .describe("The arguments of command, or of the image's own entrypoint. ${{ }} holds CEL expressions."),
  env: env.optional().describe("Environment variables. ${{ }} in a value holds CEL expressions."),
  envFrom: envFrom.optional(),
  volumeMounts: volumeMounts.optional(),
  forEach: z
    .union(
      [z.array(z.unknown()).max(10_000), z.string().max(4096)],
      "must be a list of at most 10,000 items, or one ${{ }} expression, as in [a, b] or ${{ params.names }}",
    )
    .optional()
    .describe(
      "Runs the step once for each item: a list, or one ${{ }} expression that gives a list. `item` and `itemIndex` stand in the step's expressions.",
    )
    .meta(crd({ preserve: true })),
  parallelism: z.int().min(1).max(10_000).optional().describe("How many items run at once, at most. Default: all."),
  retry: retry.optional(),
  failFast: z.boolean().optional().describe("End the step's other items as soon as one has failed for good. Default: false."),
  continueOnFailure: z
    .boolean()
    .optional()
    .describe("Where the step fails, neither the run fails nor are the steps skipped that need it. Default: false."),
  onNodeLost: z
    .enum(["wait", "replace"])
    .optional()
    .describe(
      "What to do about a pod whose node doesn't answer any more, so that nobody knows whether it still runs. wait (the default): until the node is back, is deleted, or is marked out-of-service. replace: start another beside it.",
    ),
  onGracefulExit: z
    .enum(["rerun", "succeed"])
    .optional()
    .describe(
      "What it means that a program exits with 0 because its pod is evicted, preempted or deleted. rerun (the default): its work was cut off. succeed: it has saved its work and is done.",
    ),
  timeout: timeLimit.optional().describe("The longest that the step may take from its start, retries included, as in 10m."),
  resources: stepResources.optional(),
  securityContext: containerSecurity
    .optional()
    .describe(
      "Whom the step's container runs as; each field replaces what the pod says. runAsUser, runAsGroup, runAsNonRoot, privileged, allowPrivilegeEscalation, capabilities (add, drop), readOnlyRootFilesystem, seccompProfile and others of Kubernetes.",
    ),
  pod: podOptions.optional().describe("Where and as whom this step's pods run; each field replaces the pipeline's."),
});

type Fields = z.infer<typeof fields>;

/** What a pod has; the spec of an object says it in its own way. */
const ofPods = [
  "imagePullPolicy",
  "script",
  "command",
  "args",
  "env",
  "envFrom",
  "volumeMounts",
  "onNodeLost",
  "onGracefulExit",
  "resources",
  "securityContext",
  "pod",
] as const satisfies readonly (keyof Fields)[];

const ofObjects = ["succeeded", "failed", "outputs", "keep"] as const satisfies readonly (keyof Fields)[];

const hasAny = (fields: readonly string[]): string => `(${fields.map((field) => `has(self.${field})`).join(" || ")})`;

/** Of an object's fields on a pod, and the other way round, lint tells each where it stands. */
function* strayFields(step: Fields): Generator<Problem> {
  const isObject = step.image === undefined && (step.manifest !== undefined || step.spark !== undefined);
  for (const field of isObject ? ofPods : [])
    if (step[field] !== undefined) yield { path: [field], message: "goes with image: what a manifest makes says it in its own spec" };
  for (const field of step.image !== undefined ? ofObjects : [])
    if (step[field] !== undefined) yield { path: [field], message: `goes with manifest or spark: ${inPlaceOf[field]}` };
}

const inPlaceOf = {
  succeeded: "a pod has succeeded by its exit code, 0",
  failed: "a pod has failed by its exit code, not 0",
  outputs: "a pod writes its outputs to $PLIMSOLL_OUTPUTS",
  keep: "the pipeline's keepPods says which pods stay",
} as const satisfies Record<(typeof ofObjects)[number], string>;

const ruled = withRules(fields, [
  {
    cel: "(has(self.image) ? 1 : 0) + (has(self.manifest) ? 1 : 0) + (has(self.spark) ? 1 : 0) == 1",
    check: ({ image, manifest, spark }) => [image, manifest, spark].filter((one) => one !== undefined).length === 1,
    message: "give one of image, manifest and spark",
  },
  {
    cel: `has(self.image) || !(has(self.manifest) || has(self.spark)) || !${hasAny(ofPods)}`,
    message: `${ofPods.join(", ")} go with image: what a manifest makes says them in its own spec`,
  },
  {
    cel: `!has(self.image) || !${hasAny(ofObjects)}`,
    message: `${ofObjects.join(", ")} go with manifest or spark: a pod writes its outputs to $PLIMSOLL_OUTPUTS, and keepPods says which stay`,
  },
  {
    cel: "!(has(self.script) && has(self.command))",
    check: (step) => !(step.script !== undefined && step.command !== undefined),
    message: "give script or command, not both: take one of them out",
  },
  {
    cel: "!(has(self.script) && has(self.args))",
    check: (step) => !(step.script !== undefined && step.args !== undefined),
    message: "args go with command, or with the image's own entrypoint, not with script: take one of the two out",
  },
  {
    cel: "!has(self.resources) || !has(self.resources.auto) || !((has(self.resources.requests) && 'memory' in self.resources.requests) || (has(self.resources.limits) && 'memory' in self.resources.limits))",
    check: ({ resources: { auto, requests, limits } = {} }) =>
      auto === undefined || (requests?.["memory"] === undefined && limits?.["memory"] === undefined),
    message: "memory in resources.requests or resources.limits stands beside resources.auto, which says both: give it as auto.max.memory",
  },
  {
    cel: "!(has(self.retry) && has(self.retry.memoryFactor) && has(self.resources) && has(self.resources.auto))",
    check: (step) => step.retry?.memoryFactor === undefined || step.resources?.auto === undefined,
    message: "retry.memoryFactor stands beside resources.auto, which gives a killed try more memory by itself: leave it out",
  },
  {
    check: (step) => !step.needs?.includes(step.name),
    of: ["needs", "name"],
    message: "a step can't need itself: take its name out of needs",
  },
  {
    check: (step) => step.parallelism === undefined || step.forEach !== undefined,
    of: ["forEach"],
    message: "parallelism goes with forEach: give that, or take it out",
  },
  {
    check: (step) => step.failFast === undefined || step.forEach !== undefined,
    of: ["forEach"],
    message: "failFast of a step goes with forEach: give that, or take it out",
  },
]);

export const step = withProblems(ruled, strayFields);

/** A step of a pipeline. */
export type Step = z.infer<typeof step>;

export const param = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be letters, digits and underscores, and not begin with a digit")
    .describe("The parameter's name: ${{ params.NAME }}."),
  type: z.enum(["string", "integer", "number", "boolean", "array", "object"]).default("string").describe("What a value must be."),
  default: json.optional().describe("The value where a run gives none. Without it, a run must give one."),
  description: z.string().max(1024).optional().describe("What the parameter is for."),
});

/** A parameter of a pipeline, as a user writes it. */
export type Param = z.input<typeof param>;
