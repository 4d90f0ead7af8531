import { createHash } from "node:crypto";

/** One run of an application: a driver of its own. */
export interface Attempt {
  /** The application's metadata.generation when the run was decided. */
  generation: number;
  /** From 1. */
  number: number;
  /** Of what the pods are made from. */
  digest: string;
}

/** What names an application. */
export interface ApplicationRef {
  namespace: string;
  name: string;
  uid: string;
}

/** What an attempt's objects are called. */
export interface Names {
  driver: string;
  service: string;
  /** Of the ConfigMap. */
  properties: string;
  networkPolicy: string;
  /** What the names of its executors begin with. */
  executors: string;
  /** spark.app.id, and the label by which its pods are known. */
  applicationId: string;
}

/** An attempt in words, for status.submissionID. The Spark operator writes others. */
export function submissionOf({ generation, number, digest }: Attempt): string {
  return `${generation}-${number}-${digest}`;
}

/** The attempt that a submissionID tells of; undefined where Plimsoll has not written it. */
export function attemptOf(submission: string | undefined): Attempt | undefined {
  const [, generation, number, digest = ""] = /^(\d+)-(\d+)-([0-9a-f]{12})$/.exec(submission ?? "") ?? [];
  return generation === undefined ? undefined : { generation: Number(generation), number: Number(number), digest };
}

/** A function of the application and the attempt alone: what was made before a crash is found again, and never made twice. */
export function namesOf({ name, uid }: Pick<ApplicationRef, "name" | "uid">, { generation, number }: Attempt): Names {
  const hash = hashOf(`${uid} ${generation} ${number}`).slice(0, 8);
  const label = labelOf(name);
  return {
    // As the operator has it, where it is the first.
    driver: `${shortened(name)}-driver${generation === 1 && number === 1 ? "" : `-${generation}-${number}`}`,
    service: `${label}-${hash}-driver-svc`,
    properties: `${label}-${hash}-driver-conf`,
    networkPolicy: `${label}-${hash}-executors`,
    executors: `${label}-${hash}`,
    applicationId: `spark-${uid.replaceAll("-", "")}-${generation}-${number}`,
  };
}

/** The same for specs that come to the same pods. What only says when an application is run again or deleted doesn't count. */
export function digestOf(spec: unknown): string {
  const { suspend: _, timeToLiveSeconds: _ttl, restartPolicy: _policy, ...rest } = { ...(spec as Record<string, unknown>) };
  return hashOf(JSON.stringify(sorted(rest))).slice(0, 12);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** So short that a number fits behind it; another for each name. */
function shortened(name: string): string {
  return name.length <= 40 ? name : `${name.slice(0, 31).replace(/[-.]+$/, "")}-${hashOf(name).slice(0, 8)}`;
}

/** A DNS label that begins with a letter, from a name. What follows it tells it from others. */
function labelOf(name: string): string {
  const label = name.replaceAll(".", "-").slice(0, 36).replace(/-+$/, "");
  return /^[a-z]/.test(label) ? label : `s-${label}`;
}
