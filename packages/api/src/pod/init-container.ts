import * as z from "zod";
import { crd, json } from "../schema/field.ts";
import { repeated, withProblems } from "../problems/with-problems.ts";
import { env, envFrom } from "./env.ts";
import { reserved } from "./reserved.ts";
import { resources } from "./resources.ts";
import { containerSecurity } from "./security.ts";
import { volumeMounts } from "./volume.ts";

const texts = z.array(z.string().max(32768)).max(500);

/** A container, as Kubernetes has it: without a script, without expressions. */
const container = z.strictObject({
  name: z.string().min(1).max(63),
  image: z.string().min(1).max(1024),
  imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).optional(),
  command: texts.optional(),
  args: texts.optional(),
  workingDir: z.string().optional(),
  env: env.optional(),
  envFrom: envFrom.optional(),
  resources: resources.optional(),
  restartPolicy: z.enum(["Always", "OnFailure", "Never"]).optional(),
  restartPolicyRules: z.array(json).max(20).optional(),
  securityContext: containerSecurity.optional(),
  volumeMounts: volumeMounts.optional(),
  volumeDevices: z.array(json).max(50).optional(),
  ports: z.array(json).max(100).optional(),
  lifecycle: json.optional(),
  startupProbe: json.optional(),
  livenessProbe: json.optional(),
  readinessProbe: json.optional(),
  resizePolicy: z.array(json).max(10).optional(),
  stdin: z.boolean().optional(),
  stdinOnce: z.boolean().optional(),
  tty: z.boolean().optional(),
  terminationMessagePath: z.string().optional(),
  terminationMessagePolicy: z.enum(["File", "FallbackToLogsOnError"]).optional(),
});

export const initContainers = withProblems(z.array(container.meta(crd({ preserve: true }))).max(20), function* (containers) {
  yield* repeated(containers, "name");
  for (const [index, { name }] of containers.entries())
    if (name === reserved.container)
      yield { path: [index, "name"], message: `is "${name}", as the container of the step itself is named: give it another name` };
}).describe(
  "Containers that run before the step's own, one after the other, as Kubernetes has them. One with restartPolicy: Always is a sidecar: it runs beside the step, and is ended with it.",
);

/** A container that runs before a step's own, or beside it. */
export type InitContainer = z.infer<typeof container>;
