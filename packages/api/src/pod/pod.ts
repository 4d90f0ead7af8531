import * as z from "zod";
import { crd, json, objectName } from "../schema/field.ts";
import { initContainers } from "./init-container.ts";
import { annotations, labels } from "./metadata.ts";
import { podPatch } from "./patch.ts";
import { podSecurity } from "./security.ts";
import { volumes } from "./volume.ts";
import { problemsIn } from "../problems/issues.ts";
import { repeated, withProblems } from "../problems/with-problems.ts";

/** Whatever is looked up by a name that none can have is never found; the API server says no more than that. */
const nameOfOther = withProblems(z.string().max(253), (name) => (name === "" ? [] : problemsIn(objectName, name)));

const toleration = z.strictObject({
  key: z.string().max(316).optional().describe("The taint's key; none: every taint."),
  operator: z.enum(["Exists", "Equal"]).optional().describe("Whether the taint's value has to be equal. Default: Equal."),
  value: z.string().max(63).optional().describe("The taint's value."),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional().describe("The taint's effect; none: every effect."),
  tolerationSeconds: z.int().optional().describe("How long a NoExecute taint is tolerated. Default: without end."),
});

const preserve = crd({ preserve: true });
const affinity = z.strictObject({ nodeAffinity: json.optional(), podAffinity: json.optional(), podAntiAffinity: json.optional() });
const spread = z.looseObject({ topologyKey: z.string().min(1), maxSkew: z.int().min(1), whenUnsatisfiable: z.string().min(1) });
const hostAlias = z.strictObject({ ip: z.string().min(1), hostnames: z.array(z.string()).max(100).optional() });
const resourceClaim = z.looseObject({ name: z.string().min(1).max(63) });

export const podOptions = z
  .strictObject({
    labels: labels.optional(),
    annotations: annotations.optional(),
    nodeSelector: z.record(z.string(), z.string()).optional().describe("Labels that a node must have."),
    tolerations: z.array(toleration).max(50).optional().describe("Taints that a node may have."),
    affinity: affinity
      .optional()
      .describe("What nodes and what neighbours the pods seek or shun: Kubernetes' nodeAffinity, podAffinity and podAntiAffinity.")
      .meta(preserve),
    topologySpreadConstraints: z
      .array(spread.meta(preserve))
      .max(20)
      .optional()
      .describe("How the pods are spread, as Kubernetes has it: topologyKey, maxSkew, whenUnsatisfiable, labelSelector and others."),
    priorityClassName: nameOfOther.optional().describe("The pods' PriorityClass."),
    schedulerName: z.string().max(253).optional().describe("The scheduler that places the pods. Default: the cluster's own."),
    runtimeClassName: nameOfOther.optional().describe("The pods' RuntimeClass."),
    serviceAccountName: nameOfOther.optional().describe("The ServiceAccount whose token is mounted. Without it no token is."),
    imagePullSecrets: z
      .array(z.strictObject({ name: z.string().max(253).describe("The Secret's name.") }))
      .max(20)
      .optional()
      .describe("Secrets to pull the image with."),
    securityContext: podSecurity.optional(),
    terminationGracePeriodSeconds: z
      .int()
      .min(0)
      .optional()
      .describe("How long a container has between SIGTERM and SIGKILL where its pod is ended early. Default: 30."),
    volumes: volumes.optional(),
    initContainers: initContainers.optional(),
    resourceClaims: withProblems(z.array(resourceClaim.meta(preserve)).max(50), (claims) => repeated(claims, "name"))
      .optional()
      .describe("Devices (dynamic resource allocation): name, and one of resourceClaimName and resourceClaimTemplateName."),
    hostAliases: z
      .array(hostAlias.meta(preserve))
      .max(100)
      .optional()
      .describe("More lines of the containers' /etc/hosts: ip and hostnames."),
    dnsPolicy: z
      .enum(["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"])
      .optional()
      .describe("Where names are looked up. Default: ClusterFirst."),
    dnsConfig: z
      .strictObject({ nameservers: json.optional(), searches: json.optional(), options: json.optional() })
      .optional()
      .describe("Kubernetes' nameservers, searches and options, beside what dnsPolicy gives.")
      .meta(preserve),
    patch: podPatch.optional(),
  })
  .describe("What pods are beside their step's container: where and as whom they run, with which volumes.");

/** What pods are beside their step's container: where and as whom they run, with which volumes. */
export type PodOptions = z.infer<typeof podOptions>;
