import { crds, kinds, sparkCrds } from "@plimsoll/api";
import { labels } from "@plimsoll/features/pipelines";
import { isNotServed, systemClock, type Clock, type ListOptions, type Sender } from "@plimsoll/kube";
import { InstallationError } from "../failure.ts";
import { isMade, isOursAlone } from "../made.ts";
import { helmRefusal } from "../owner.ts";
import { namespaceOf } from "../objects/complete.ts";
import { notTerminating, remove } from "./apply.ts";
import { isAtHome, labelledObjects, liveObject, type FoundObject } from "./found.ts";
import { isOurNamespace } from "./own-namespace.ts";
import { dataPermissions, installClient, referenceOf, type AnyMethods } from "./permissions.ts";
import { isGone, persistently } from "./persistently.ts";
import { checkRights, rightsFor, rightsForData } from "./rights.ts";
import { remainsIn } from "./remains.ts";

/** What uninstalling takes away. */
export interface Removal {
  namespace: string;
  /** In the order in which they are deleted. */
  objects: FoundObject[];
  /** What has the installation's label, but was made by somebody else: it stays. */
  others: FoundObject[];
  /** The namespace, where the installation made it. */
  ownNamespace: FoundObject | undefined;
}

/** An object of a user's. */
export interface UserObject {
  kind: string;
  namespace: string;
  name: string;
}

/**
 * What belongs to the installation in a namespace. Throws an InstallationError where Helm keeps it up, or the user lacks rights for
 * taking it away; `withData`: and what users made.
 */
export async function removalOf(
  sender: Sender,
  namespace: string,
  { withData = false, clock = systemClock }: { withData?: boolean; clock?: Clock } = {},
): Promise<Removal> {
  const rights = await persistently(clock, () => rightsFor(sender, [], namespace));
  await checkRights(sender, [...rights, ...(withData ? rightsForData() : [])], namespace, clock);
  const client = installClient(sender, namespace);
  const found = await labelledObjects(sender, namespace, clock);
  const atHome = found.filter((object) => isAtHome(object, namespace));
  if (helmRefusal(namespace, atHome) !== undefined) {
    const [release] = atHome.flatMap(({ metadata: { annotations = {} } }) => annotations["meta.helm.sh/release-name"] ?? []);
    throw new InstallationError(
      `the installation in namespace "${namespace}" is Helm's: helm uninstall ${release ?? "RELEASE"} -n ${namespace}`,
    );
  }
  const expected = namespaceOf(namespace);
  const live = await liveObject(client, expected, clock);
  const isOurs = live !== undefined && isOurNamespace(expected, live);
  const [objects, others] = [found.filter(isMade), found.filter((object) => !isMade(object))];
  return { namespace, objects, others, ownNamespace: isOurs ? { ...live, kind: "Namespace" } : undefined };
}

/** Deletes the installation's objects. What it had come to when it was cut off is found by the next removal. */
export async function removeInstallation(
  sender: Sender,
  { namespace, objects }: Removal,
  onDeleted: (object: FoundObject) => void = () => {},
  clock: Clock = systemClock,
): Promise<void> {
  const client = installClient(sender, namespace);
  for (const object of objects) {
    await remove(client, object, clock);
    onDeleted(object);
  }
}

/** Deletes the namespace of an installation that made it, unless something else is in it: gives what that is. */
export async function removeNamespace(
  sender: Sender,
  { namespace, ownNamespace }: Removal,
  leases: ReadonlySet<string>,
  clock: Clock = systemClock,
): Promise<string[]> {
  if (ownNamespace === undefined) return [];
  const remains = await remainsIn(sender, namespace, leases);
  const isTerminating = ownNamespace.metadata.deletionTimestamp !== undefined;
  if (remains.length === 0 && !isTerminating) await remove(installClient(sender, namespace), ownNamespace, clock);
  return remains;
}

/** The runs in the cluster that have not ended. */
export async function runsUnderWay(sender: Sender): Promise<UserObject[]> {
  const client = dataPermissions.client(sender);
  const runs = await listed(client("pipelineruns.plimsoll.dev"));
  return runs
    .filter(({ status }) => status?.finishedAt === undefined)
    .map(({ metadata }) => ({ kind: "PipelineRun", namespace: metadata.namespace ?? "", name: metadata.name }));
}

/** Deletes what users made: runs first, and when their pods are gone the pipelines. */
export async function removeData(sender: Sender, onNews: (line: string) => void = () => {}, clock: Clock = systemClock): Promise<void> {
  const client = dataPermissions.client(sender);
  // The list begins with what others name.
  for (const { kind, plural } of kinds.toReversed()) {
    const resource = client(`${plural}.plimsoll.dev`) as unknown as AnyMethods;
    const deleted = new Set<string>();
    const pods = kind === "PipelineRun" ? () => listed(client("pods"), labels.run) : () => Promise.resolve([]);
    for (let before = ""; ; await clock.sleep(500)) {
      const left = await listed(resource);
      // Some may be created meanwhile.
      for (const { metadata } of left.filter(({ metadata }) => !deleted.has(metadata.uid))) {
        await unlessGone(() =>
          persistently(clock, () =>
            resource.delete(referenceOf({ metadata }), { preconditions: { uid: metadata.uid }, propagationPolicy: "Foreground" }),
          ),
        );
        deleted.add(metadata.uid);
      }
      const ends = await pods();
      if (left.length + ends.length === 0) break;
      const news = `${left.length} ${plural} and ${ends.length} of their pods are still there`;
      if (news !== before) onNews(news);
      before = news;
    }
    onNews(`deleted ${deleted.size} ${plural}`);
  }
}

/** Spark's kinds that are in the cluster, by whether they go with the data: those that an installation defined, and it alone. */
export async function sparkKinds(
  sender: Sender,
  namespace: string,
  clock: Clock = systemClock,
): Promise<{ own: FoundObject[]; others: FoundObject[] }> {
  const found = await definedIn(sparkCrds(), installClient(sender, namespace), clock);
  return { own: found.filter(isOursAlone), others: found.filter((object) => !isOursAlone(object)) };
}

/** Deletes Plimsoll's kinds, with Spark's as far as these are its own, and thus all objects of them. */
export async function removeKinds(sender: Sender, namespace: string, clock: Clock = systemClock): Promise<void> {
  const client = installClient(sender, namespace);
  const { own } = await sparkKinds(sender, namespace, clock);
  const doomed = [...own, ...(await definedIn(crds(), client, clock))];
  for (const object of doomed) await remove(client, object, clock);
  for (const { metadata } of doomed) await notTerminating(client, metadata.name, clock);
}

async function definedIn(
  definitions: ReturnType<typeof crds>,
  client: ReturnType<typeof installClient>,
  clock: Clock,
): Promise<FoundObject[]> {
  const found: FoundObject[] = [];
  for (const { kind, metadata } of definitions) {
    const live = await liveObject(client, { kind, metadata: { ...metadata, labels: {} } }, clock);
    if (live !== undefined) found.push({ ...live, kind });
  }
  return found;
}

async function unlessGone(call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** All of a kind in the cluster; none where it isn't served. */
async function listed<T>(kind: { list: (options?: ListOptions) => AsyncIterable<T> }, labelSelector?: string): Promise<T[]> {
  try {
    return await Array.fromAsync(kind.list({ labelSelector }));
  } catch (error) {
    if (isNotServed(error)) return [];
    throw error;
  }
}
