import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { nameOf, onlyIn, type ManifestObject, type ObjectName } from "./cluster/manifest.ts";
import type { Revision } from "./cluster/revision.ts";
import { workloadsOf } from "./cluster/workload.ts";
import type { Cluster } from "./cluster/cluster.ts";
import type { State } from "./decide.ts";
import { HelmError, type Helm } from "./helm.ts";
import type { Running } from "./health/health.ts";
import { fetchChart, ReleaseError } from "./releases/fetch.ts";
import type { Release } from "./releases/release-index.ts";
import { changesOf, type Changes } from "./rights/changes.ts";
import { differenceOf } from "./rights/difference.ts";
import { missing, withRoles } from "./rights/missing.ts";
import { rolesOf, type Role } from "./rights/roles.ts";

/** A release that could be installed. */
export interface Plan {
  /** The path of its chart. */
  chart: string;
  changes: Changes;
  dropped: ObjectName[];
  /** The updater's own roles, where it has to widen them before: with what they have now, and what the release gives them. */
  widened: Role[];
  hindrance: NonNullable<State["hindrance"]>;
}

export interface Preparation {
  release: Release;
  present: Revision;
  running: readonly Running[];
  cluster: Cluster;
  helm: Helm;
  /** The name of the updater's own roles. */
  role: string;
  namespace: string;
  /** Of the Helm release. */
  name: string;
  escalate: boolean;
  folder: string;
  signal: AbortSignal;
}

/** Fetches a release's chart, and finds out what it would change and whether it may. Nothing is changed. */
export async function prepare(preparation: Preparation): Promise<Plan> {
  const { release, present, running, cluster, helm, role, escalate, folder, signal } = preparation;
  const none = { chart: "", changes: changesOf([], []), dropped: [], widened: [] };
  const chart = join(folder, `${release.version}.tgz`);
  let target: ManifestObject[];
  let dropped: ObjectName[];
  try {
    await writeFile(chart, await fetchChart(release, signal));
    const kubeVersion = await cluster.version();
    const render = (dropped: readonly ObjectName[]) => helm.render(chart, release.version, present.values, dropped, kubeVersion);
    target = await render([]);
    dropped = onlyIn(present.objects, target).map(nameOf);
    if (dropped.length > 0) target = await render(dropped);
  } catch (error) {
    if (error instanceof ReleaseError && (error.reason === "BadChart" || error.reason === "ChartUnreachable"))
      return { ...none, hindrance: { reason: error.reason, message: error.message } };
    if (error instanceof HelmError)
      return { ...none, hindrance: { reason: "BadChart", message: `${release.chart.url}: ${error.message}` } };
    throw error;
  }

  const changes = changesOf(present.objects, target);
  const own = rolesOf(target).filter(({ name }) => name === role);
  const held = await cluster.held(placesOf(changes));
  const lacks = missing(changes, escalate ? withRoles(held, own) : held, { createsByName: helm.appliesInServer });
  const scaled = scaledOf(present, running);
  const hindrance =
    lacks.length > 0
      ? ({ reason: "NeedsRights", message: question(preparation, changes, target, lacks) } as const)
      : scaled !== undefined
        ? ({ reason: "Scaled", message: `${release.version} waits: ${scaled}` } as const)
        : "none";
  return { chart, changes, dropped, widened: escalate ? widenedRoles(changes, present, own, role) : [], hindrance };
}

/** The namespaces of all objects. */
function placesOf({ all }: Changes): string[] {
  return [...new Set(all.flatMap(({ metadata }) => metadata.namespace ?? []))];
}

/** The updater's own roles with what they have now and what a release gives them; those that need no more aren't among them. */
function widenedRoles({ changed }: Changes, present: Revision, own: readonly Role[], role: string): Role[] {
  const before = rolesOf(present.objects).filter(({ name }) => name === role);
  const isChanged = (one: Role): boolean =>
    changed.some(
      ({ kind, metadata }: ManifestObject) => kind === one.kind && metadata.name === role && metadata.namespace === one.namespace,
    );
  return own.filter(isChanged).map((one) => {
    const now = before.find(({ kind, namespace }) => kind === one.kind && namespace === one.namespace)?.rules ?? [];
    return { ...one, rules: [...now, ...one.rules] };
  });
}

/** That somebody has scaled what the release says the number of; undefined: nobody has. */
function scaledOf({ objects }: Revision, running: readonly Running[]): string | undefined {
  for (const { name, replicas } of workloadsOf(objects)) {
    const now = running.find(({ workload }) => workload.name === name)?.deployment?.spec?.replicas;
    if (replicas === undefined || now === undefined || now === replicas) continue;
    return `somebody has scaled Deployment ${name} to ${now}, and the release says ${replicas}: give the release replicas: null, so that who scales it decides, or replicas: ${now}`;
  }
  return undefined;
}

function question(
  { release, present, namespace, name, role }: Preparation,
  { added, dropped }: Changes,
  target: readonly ManifestObject[],
  lacks: readonly string[],
): string {
  // What it wants for the updater itself follows from the rest.
  const roles = (objects: readonly ManifestObject[]): Role[] => rolesOf(objects).filter((one) => one.name !== role);
  const difference = differenceOf(roles(present.objects), roles(target));
  return [
    `${release.version} wants more than the updater may do, and waits for somebody:`,
    ...lacks.map((line) => `  ${line}`),
    ...named("It adds", added),
    ...named("It drops", dropped),
    ...(difference.length > 0
      ? ["What Plimsoll could do no longer (-), and what it could do (+):", ...difference.map((line) => `  ${line}`)]
      : []),
    "To install it:",
    ...commands(release.chart, name, namespace).map((line) => `  ${line}`),
    `autoUpdate.escalate=true lets ${role} do such by itself.`,
  ].join("\n");
}

/** Fetches the chart, and installs it if it is the one that the signed list names: Helm itself would take whatever is at the address. */
function commands({ url, digest }: Release["chart"], name: string, namespace: string): string[] {
  const address = new URL(url).href.replaceAll("'", "%27");
  const file = basename(new URL(address).pathname);
  return [
    `curl --fail --location --output '${file}' '${address}' &&`,
    `echo '${digest.replace("sha256:", "")}  ${file}' | sha256sum --check &&`,
    `helm upgrade ${name} '${file}' --namespace ${namespace} --reset-then-reuse-values`,
  ];
}

function named(what: string, objects: readonly ManifestObject[]): string[] {
  return objects.length === 0 ? [] : [`${what} ${objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ")}.`];
}
