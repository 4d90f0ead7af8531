import * as z from "zod";
import { kubernetes, podTemplate, texts } from "./pod-template.ts";

const list = (description: string) => z.array(kubernetes).optional().describe(description);
const part = (description: string) => kubernetes.optional().describe(description);
const text = (description: string) => z.string().min(1).optional().describe(description);

/** Memory as the JVM has it: a number of mebibytes, or with a unit of its own. */
const memory = z.string().regex(/^[1-9][0-9]*\s*([kmgt]i?b?)?$/i, "must be an amount of memory as Spark reads it, as in 512m or 4g");

/** CPU as Kubernetes has it. */
const cpu = z.string().regex(/^[0-9]+(\.[0-9]+)?m?$/, "must be an amount of CPU, as in 500m or 2");

const secret = z.strictObject({
  name: z.string().min(1),
  path: z.string().min(1),
  secretType: z
    .enum(["Generic", "GCPServiceAccount", "HadoopDelegationToken"])
    .describe("What the Secret holds: of the two last, an environment variable leads to its file."),
});

const common = {
  template: podTemplate.optional().describe("A pod template, beneath all that the other fields say."),
  cores: z.int().min(1).optional().describe("Cores, as Spark counts them. Default: 1."),
  coreRequest: cpu.optional().describe("CPU that the pod asks for. Default: its cores."),
  coreLimit: cpu.optional().describe("CPU that it may take at most."),
  memory: memory.optional().describe("Of the heap. Default: 1g."),
  memoryOverhead: memory.optional().describe("What the pod asks for beyond the heap."),
  gpu: z
    .strictObject({ name: z.string().min(1), quantity: z.int().min(1) })
    .optional()
    .describe("GPUs, by the name of their resource, as in nvidia.com/gpu."),
  image: text("Its image, in place of spec.image."),
  configMaps: z
    .array(z.strictObject({ name: z.string().min(1), path: z.string().min(1) }))
    .optional()
    .describe("ConfigMaps, and where they are mounted."),
  secrets: z.array(secret).optional().describe("Secrets, and where they are mounted."),
  env: list("Environment variables."),
  envVars: texts.optional().describe("Environment variables, by their names."),
  envFrom: list("ConfigMaps and Secrets whose entries are environment variables."),
  envSecretKeyRefs: z
    .record(z.string(), z.strictObject({ name: z.string().min(1), key: z.string().min(1) }))
    .optional()
    .describe("Environment variables from Secrets, by their names."),
  labels: texts.optional().describe("Labels of the pod."),
  annotations: texts.optional().describe("Annotations of the pod."),
  volumeMounts: list("Where volumes of spec.volumes are mounted."),
  affinity: part("Affinity of the pod."),
  tolerations: list("Tolerations of the pod."),
  nodeSelector: texts.optional().describe("Labels that the pod's node must have."),
  podSecurityContext: part("Over the default, which meets the restricted Pod Security Standard."),
  securityContext: part("Of the container, over the default, which meets the restricted Pod Security Standard."),
  schedulerName: text("The pod's scheduler."),
  priorityClassName: text("The pod's priority class."),
  runtimeClassName: text("The pod's runtime class."),
  sidecars: list("Further containers."),
  initContainers: list("Containers that run before."),
  dnsConfig: part("The pod's DNS."),
  hostAliases: list("Entries of the pod's /etc/hosts."),
  shareProcessNamespace: z.boolean().optional().describe("Whether its containers see each other's processes."),
  terminationGracePeriodSeconds: z.int().min(0).optional().describe("How long it is given to end."),
  serviceAccount: text("Its ServiceAccount."),
  javaOptions: text("Options of its JVM."),
  lifecycle: part("Hooks of its container."),
  ports: z
    .array(z.strictObject({ name: z.string().min(1), protocol: z.string().min(1), containerPort: z.int().min(1).max(65_535) }))
    .optional()
    .describe("Further ports of its container."),
};

/** What an application says of its driver. */
export const driverSpec = z.strictObject({
  ...common,
  serviceAccount: text("Its ServiceAccount, one of features.spark.serviceAccounts. Default: the first of these."),
  kubernetesMaster: text("The API server's address. Default: https://kubernetes.default.svc."),
  serviceLabels: texts.optional().describe("Labels of the driver's Service."),
  serviceAnnotations: texts.optional().describe("Annotations of the driver's Service."),
});

/** What an application says of its executors. */
export const executorSpec = z.strictObject({
  ...common,
  serviceAccount: text("Their ServiceAccount, of which no token is mounted. Default: default."),
  instances: z.int().min(1).optional().describe("How many there are. Default: 1."),
  deleteOnTermination: z.boolean().optional().describe("Whether their pods are deleted when they end. Default: true."),
});

/** What both say. */
export type SparkPodSpec = Omit<z.output<typeof driverSpec>, "kubernetesMaster" | "serviceLabels" | "serviceAnnotations">;
