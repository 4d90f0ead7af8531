import type { NodeView } from "@plimsoll/model";
import { markOf, markText } from "../decide/cordon.ts";
import type { DrainView } from "../decide/drain-view.ts";
import type { DrainingRuntime } from "../permissions.ts";
import { toldOfCordon, toldOfRelease } from "../told.ts";
import { isAnother } from "./is-another.ts";

type Hands = Pick<DrainingRuntime, "client" | "clock" | "events" | "log">;

/** A Drain owns what it writes on a node by this name, and by it takes it back. */
const managerOf = (uid: string): string => `plimsoll-drain-${uid}`;

/**
 * Cordons a node, or shares in its cordon: a server-side apply makes the Drain one of the field's owners. Taking it back then uncordons the
 * node only if nobody else owns the field: neither another Drain nor who cordoned it before, or since. It is written to the node as it was
 * decided on: what somebody has uncordoned since is not cordoned again, which the change of the node then shows.
 */
export async function cordon({ client, clock, events, log }: Hands, node: NodeView, drain: DrainView, signal: AbortSignal): Promise<void> {
  const { name, uid, resourceVersion } = node;
  const annotations = { [markOf(drain.uid)]: markText(drain.name, clock.now()) };
  const options = { type: "apply", fieldManager: managerOf(drain.uid), force: true, signal } as const;
  try {
    await client("nodes").patch({ name }, { metadata: { uid, resourceVersion, annotations }, spec: { unschedulable: true } }, options);
  } catch (error) {
    signal.throwIfAborted();
    if (!isAnother(error)) throw error;
    return;
  }
  log.info({ drain: drain.name, node: name }, "a node was cordoned");
  events.record(toldOfCordon(node, drain));
}

/** Takes back what a Drain has written on a node. */
export async function release({ client, events, log }: Hands, node: NodeView, uid: string, signal: AbortSignal): Promise<void> {
  const { name } = node;
  const options = { type: "apply", fieldManager: managerOf(uid), force: true, signal } as const;
  try {
    const after = await client("nodes").patch({ name }, { metadata: { uid: node.uid } }, options);
    // What somebody else wrote there is nobody's to keep.
    const mark = markOf(uid);
    if (after.metadata.annotations?.[mark] !== undefined)
      await client("nodes").patch({ name }, { metadata: { uid: node.uid, annotations: { [mark]: null } } }, { signal });
    const isUncordoned = after.spec?.unschedulable !== true;
    log.info({ drain: uid, node: name, isUncordoned }, "a Drain has let a node go");
    events.record(toldOfRelease(node, isUncordoned));
  } catch (error) {
    signal.throwIfAborted();
    if (!isAnother(error)) throw error;
  }
}
