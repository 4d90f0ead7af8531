import * as z from "zod";
import { crd, json } from "../schema/field.ts";

const id = z.int().min(0);
const capabilities = z.array(z.string().max(63)).max(50);

/** Of the pod; what is left out meets the restricted Pod Security Standard. */
export const podSecurity = z
  .strictObject({
    runAsNonRoot: z.boolean().optional().describe("Refuse to start as root. Default: true."),
    runAsUser: id.optional().describe("The user ID. Default: 1000."),
    runAsGroup: id.optional().describe("The group ID. Default: 1000."),
    fsGroup: id.optional().describe("The group that owns the volumes. Default: 1000."),
    fsGroupChangePolicy: z
      .enum(["Always", "OnRootMismatch"])
      .optional()
      .describe("Whether a volume's files are given to fsGroup at each mount, or only where its root isn't yet. Default: Always."),
    supplementalGroups: z.array(id).max(50).optional().describe("More groups of the containers' processes."),
    privileged: z.boolean().optional().describe("Of the step's container: all the rights of the node's root. Default: false."),
    readOnlyRootFilesystem: z.boolean().optional().describe("Of the step's container: it can write to its volumes alone. Default: false."),
    addCapabilities: capabilities.optional().describe("Of the step's container: Linux capabilities to keep; all others are dropped."),
  })
  .describe("Whom the containers run as. What is left out meets the restricted Pod Security Standard.");

/** Of one container, as Kubernetes has it. */
export const containerSecurity = z
  .strictObject({
    allowPrivilegeEscalation: z.boolean().optional(),
    appArmorProfile: json.optional(),
    capabilities: z.strictObject({ add: capabilities.optional(), drop: capabilities.optional() }).optional(),
    privileged: z.boolean().optional(),
    procMount: z.string().optional(),
    readOnlyRootFilesystem: z.boolean().optional(),
    runAsGroup: id.optional(),
    runAsNonRoot: z.boolean().optional(),
    runAsUser: id.optional(),
    seLinuxOptions: json.optional(),
    seccompProfile: json.optional(),
    windowsOptions: json.optional(),
  })
  .describe(
    "A container's securityContext: runAsUser, runAsGroup, runAsNonRoot, privileged, allowPrivilegeEscalation, capabilities (add, drop), readOnlyRootFilesystem, seccompProfile and others of Kubernetes. What is left out meets the restricted Pod Security Standard.",
  )
  .meta(crd({ preserve: true }));
