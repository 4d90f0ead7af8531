import { duration, looseQuantity, objectName } from "@plimsoll/api";
import * as z from "zod";
import { schema as configuration } from "../../config/features.ts";
import { clusterWideCheck, namespaces, ownNamespacesCheck } from "../../config/schema.ts";
import { features } from "../../features.ts";

/** What an installation is told: the chart's values, and what `plimsoll install` reads. An empty one is the default. */
export type Values = z.output<typeof valuesSchema>;

const labels = z.record(z.string(), z.string()).default({});
const kubernetes = z.record(z.string(), z.unknown());
const text = (description: string) => z.string().default("").meta({ description });
const flag = (value: boolean, description: string) => z.boolean().default(value).meta({ description });

/** A map of which the default has entries. As Helm has it, those that are given are added, and null takes one away. */
const added = <T>(value: z.ZodType<T>, initial: Record<string, T>) =>
  z
    .record(z.string(), value.nullable())
    .transform((given) => Object.fromEntries(Object.entries({ ...initial, ...given }).filter(([, value]) => value !== null)))
    .prefault(initial);

/** An image by its repository and its tag or digest. */
const image = (name: string, what: string) =>
  z
    .strictObject({
      repository: z
        .string()
        .min(1)
        .default(`registry.plimsoll.dev/${name}`)
        .meta({ description: `Where ${what} comes from.` }),
      tag: text("Without it, the version of what is installed."),
      digest: z
        .string()
        .regex(/^(sha256:[0-9a-f]{64})?$/, "must be a digest, as in sha256: and 64 hexadecimal digits")
        .default("")
        .meta({ description: "Of the image; it goes before the tag." }),
      pullPolicy: z.enum(["IfNotPresent", "Always", "Never"]).default("IfNotPresent").meta({ description: "When the image is pulled." }),
    })
    .prefault({});

const resources = (cpu: string, memory: string, limit: string) =>
  z
    .strictObject({
      requests: added(looseQuantity, { cpu, memory }).meta({ description: "What a pod asks of its node." }),
      limits: added(looseQuantity, { memory: limit }).meta({ description: "What it may take at most." }),
    })
    .prefault({});

const serviceAccount = z
  .strictObject({
    create: flag(true, "Whether the ServiceAccounts are made. Those that aren't must be there."),
    name: z
      .union([z.literal(""), objectName])
      .default("")
      .meta({ description: "Of the ServiceAccount, by default plimsoll; with `isolation: feature` what the names begin with." }),
    annotations: labels.meta({ description: "Of the ServiceAccounts." }),
  })
  .prefault({});

/** What the updater is told, key by key; its configuration file has them, too. */
export const autoUpdateKeys = {
  index: z
    .url({ protocol: /^https?$/, error: "must be a URL, as in https://plimsoll.dev/releases/index.json" })
    .default("https://plimsoll.dev/releases/index.json")
    .meta({ description: "Where the releases are listed; the signature is beside it, at the same address and `.sig`." }),
  publicKeys: z
    .array(z.string())
    .default([])
    .meta({ description: "Ed25519 public keys, in PEM: the list must be signed by one of them. Needed." }),
  channel: z
    .enum(["stable", "candidate"])
    .default("stable")
    .meta({ description: "Which releases count; who takes candidates takes both." }),
  constraint: text("Which versions are installed, as in ~0.1 or >=0.2 <1; without it, any that is newer."),
  pin: z
    .union([z.literal(""), z.string().regex(/^sha256:[0-9a-f]{64}$/)], "must be a digest, as in sha256: and 64 hexadecimal digits")
    .default("")
    .meta({ description: "The digest of the one chart that may be installed, as in sha256:…; without it, any that is signed." }),
  window: {
    schedule: z.string().default("0 3 * * 2").meta({ description: "When the window for changes opens, as a CronJob has it." }),
    timeZone: z.string().default("Etc/UTC").meta({ description: "The time zone of the schedule, as in Europe/Zurich." }),
    duration: duration.default("2h").meta({ description: "How long it is open. No update is begun after it." }),
  },
  healthTimeout: duration.default("5m").meta({ description: "How long a new release may take until it works, before it is rolled back." }),
  escalate: flag(
    false,
    "Whether the updater may give the controller, and itself, rights that it lacks. Without it, a release that wants more waits for somebody.",
  ),
};

const autoUpdate = z
  .strictObject({
    enabled: flag(false, "Whether a CronJob installs new releases."),
    image: image("updater", "the updater"),
    ...autoUpdateKeys,
    window: z.strictObject(autoUpdateKeys.window).prefault({}),
    dropped: z
      .array(z.strictObject({ apiVersion: z.string(), kind: z.string(), name: z.string(), namespace: z.string().optional() }))
      .default([])
      .meta({
        description:
          "Written by the updater alone: what the release before has and this one hasn't. It may delete that, and bring it back.",
      }),
    resources: resources("50m", "128Mi", "512Mi"),
  })
  .prefault({});

const extension = z.strictObject({
  group: z.string().meta({ description: "The API group; empty for Kubernetes' core." }),
  resources: z.array(z.string().min(1)).min(1).meta({ description: "As in rayclusters." }),
  verbs: z
    .array(z.enum(["get", "list", "watch"]))
    .min(1)
    .default(["get", "list", "watch"])
    .meta({ description: "What may be done: to read is all." }),
});

/** The schema of the values, with each one's default and what it says. */
export const valuesSchema = z
  .strictObject({
    ...configuration.shape,
    namespaces: namespaces.default([]).meta({ description: "The namespaces to work in; empty: all.", uniqueItems: true }),
    isolation: z
      .enum(["shared", "feature"])
      .default("shared")
      .meta({ description: "One Deployment and ServiceAccount for all features, or one of each for each feature." }),
    image: image("controller", "the controller"),
    imagePullSecrets: z
      .array(z.strictObject({ name: objectName }))
      .default([])
      .meta({ description: "Secrets with which the images are pulled." }),
    replicas: z
      .union([z.int().min(0).max(9), z.null()], "must be a whole number, or null where something else scales the Deployments")
      .default(2)
      .meta({ description: "Pods of each Deployment: one leads, the others stand by. null: left to who scales them." }),
    rbac: z
      .strictObject({
        create: flag(true, "Whether the roles and their bindings are made."),
        userRoles: flag(
          true,
          "Whether Kubernetes' own roles view, edit and admin get the kinds that Plimsoll runs: its own, Spark's where features.spark does, and those of Ocean for Spark where features.inventory.bigData is set: to read, and to patch BigDataEnvironments.",
        ),
      })
      .prefault({}),
    serviceAccount,
    admissionPolicy: z
      .strictObject({
        create: flag(
          true,
          "Whether the API server holds whoever writes Plimsoll's objects to the rights that their pods take, by a ValidatingAdmissionPolicy.",
        ),
      })
      .prefault({}),
    extensions: z.array(extension).default([]).meta({ description: "Further resources that the features may read." }),
    crds: z
      .strictObject({ create: flag(true, "Whether the kinds are defined and kept up to date. They stay when the rest is uninstalled.") })
      .prefault({}),
    resources: resources("100m", "128Mi", "512Mi"),
    podDisruptionBudget: z.strictObject({ create: flag(true, "Whether one pod of several is kept while nodes are drained.") }).prefault({}),
    priorityClassName: z
      .string()
      .default("")
      .meta({ description: "Of the pods; system-cluster-critical keeps them where nodes are short of room." }),
    nodeSelector: labels.meta({ description: "Of the pods." }),
    tolerations: z.array(kubernetes).default([]).meta({ description: "Of the pods." }),
    affinity: kubernetes
      .default({})
      .meta({ description: "Of the pods; empty: those of a Deployment are kept on different nodes where it can be." }),
    topologySpreadConstraints: z.array(kubernetes).default([]).meta({ description: "Of the pods." }),
    podAnnotations: labels.meta({ description: "Of the pods." }),
    podLabels: labels.meta({ description: "Of the pods." }),
    commonLabels: labels.meta({ description: "Of every object." }),
    extraEnv: z
      .array(z.looseObject({ name: z.string().min(1), value: z.string().optional() }))
      .default([])
      .meta({ description: "Further variables of the controller's environment, as in HTTPS_PROXY." }),
    extraVolumes: z
      .array(z.looseObject({ name: objectName }))
      .default([])
      .meta({ description: "Further volumes of the controller's pods." }),
    extraVolumeMounts: z
      .array(z.looseObject({ name: objectName, mountPath: z.string() }))
      .default([])
      .meta({ description: "Where they are mounted, as an authority's certificate that NODE_EXTRA_CA_CERTS names." }),
    networkPolicy: z
      .strictObject({
        create: flag(
          false,
          "Whether the pods may be reached at the port of metrics and probes alone, and reach others at those of the API server and of DNS alone.",
        ),
        apiServerPorts: z
          .array(z.int().min(1).max(65_535))
          .min(1)
          .default([443, 6443])
          .meta({ description: "Where the API server listens, behind its service address." }),
      })
      .prefault({}),
    serviceMonitor: z
      .strictObject({
        create: flag(false, "Whether the Prometheus operator is told to collect the metrics."),
        interval: duration.default("30s").meta({ description: "How often." }),
        labels: labels.meta({ description: "By which the operator chooses it." }),
      })
      .prefault({}),
    prometheusRule: z
      .strictObject({
        create: flag(false, "Whether the Prometheus operator is told the alerts."),
        labels: labels.meta({ description: "By which the operator chooses it." }),
      })
      .prefault({}),
    dashboard: z
      .strictObject({
        create: flag(false, "Whether there is a ConfigMap with the dashboard, for Grafana's sidecar."),
        labels: added(z.string(), { grafana_dashboard: "1" }).meta({ description: "By which the sidecar chooses it." }),
      })
      .prefault({}),
    autoUpdate: autoUpdate.meta({ description: "New releases, installed by themselves." }),
  })
  .superRefine(clusterWideCheck(features))
  .superRefine(ownNamespacesCheck(features));
