import { z } from "zod";
import { quantity } from "./field.ts";

export const resources = z
  .strictObject({
    requests: z
      .record(z.string(), quantity)
      .optional()
      .describe("What a pod of the step asks the scheduler for, as in cpu: 200m and memory: 256Mi."),
    limits: z.record(z.string(), quantity).optional().describe("What a pod of the step may use at most."),
  })
  .describe("CPU, memory and other resources of each pod.");

const toleration = z.strictObject({
  key: z.string().max(316).optional().describe("The taint's key; none: every taint."),
  operator: z.enum(["Exists", "Equal"]).optional().describe("Whether the taint's value has to be equal. Default: Equal."),
  value: z.string().max(63).optional().describe("The taint's value."),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional().describe("The taint's effect; none: every effect."),
  tolerationSeconds: z.int().optional().describe("How long a NoExecute taint is tolerated. Default: without end."),
});

const securityContext = z
  .strictObject({
    runAsNonRoot: z.boolean().optional().describe("Refuse to start as root. Default: true."),
    runAsUser: z.int().min(0).optional().describe("The user ID. Default: 1000."),
    runAsGroup: z.int().min(0).optional().describe("The group ID. Default: 1000."),
    fsGroup: z.int().min(0).optional().describe("The group that owns the workspace. Default: 1000."),
    privileged: z.boolean().optional().describe("All the rights of the node's root. Default: false."),
    readOnlyRootFilesystem: z.boolean().optional().describe("The container can write to its volumes alone. Default: false."),
    addCapabilities: z.array(z.string().max(63)).max(50).optional().describe("Linux capabilities to keep; all others are dropped."),
  })
  .describe("Whom the containers run as. What is left out meets the restricted Pod Security Standard.");

export const podOptions = z
  .strictObject({
    nodeSelector: z.record(z.string(), z.string()).optional().describe("Labels that a node must have."),
    tolerations: z.array(toleration).max(50).optional().describe("Taints that a node may have."),
    priorityClassName: z.string().max(253).optional().describe("The pods' PriorityClass."),
    runtimeClassName: z.string().max(253).optional().describe("The pods' RuntimeClass."),
    serviceAccountName: z.string().max(253).optional().describe("The ServiceAccount whose token is mounted. Without it no token is."),
    imagePullSecrets: z
      .array(z.strictObject({ name: z.string().max(253).describe("The Secret's name.") }))
      .max(20)
      .optional()
      .describe("Secrets to pull the image with."),
    securityContext: securityContext.optional(),
  })
  .describe("Where and as whom pods run.");

export type PodOptions = z.infer<typeof podOptions>;
