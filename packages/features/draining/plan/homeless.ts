import type { Cluster, PodView } from "@plimsoll/model";
import type { Housed, Verdict } from "./plan.ts";
import type { DrainRequest } from "./request.ts";

type Homeless = Verdict & { kind: "homeless" };

/** For how long pods are taken to have nodes to go to, once all were found some together; milliseconds. */
const outlook = 5_000;

/** Which of the pods that have to go would find no node, by UID; and, where all would find one, what saves the next plans to work it out again. */
export function housing(
  { cluster, housed: known, now }: DrainRequest,
  pods: readonly PodView[],
): { homeless: ReadonlyMap<string, Homeless>; housed?: Housed } {
  const isKnown = known !== undefined && Math.abs(now - known.since) < outlook && pods.every(({ uid }) => known.uids.has(uid));
  if (isKnown) return { homeless: new Map(), housed: known };
  const homeless = homelessOf(cluster, pods);
  return homeless.size > 0 ? { homeless } : { homeless, housed: { uids: new Set(pods.map(({ uid }) => uid)), since: now } };
}

/** Which of these pods would find no node if all of them were moved, by UID. Those that nothing makes again need none. */
function homelessOf(cluster: Cluster, pods: readonly PodView[]): ReadonlyMap<string, Homeless> {
  const movable = pods.filter(({ owner }) => owner !== undefined);
  const reasons = cluster.rehearse(() => {
    // What has found none may do once the others are where they will be.
    const rest = movable.filter((pod) => cluster.place(pod).node === undefined);
    return new Map(rest.flatMap((pod) => ((why) => (why === undefined ? [] : [[pod, why] as const]))(cluster.place(pod).why)));
  });
  return new Map(
    [...reasons].map(([pod, together]): [string, Homeless] => {
      const alone = cluster.rehearse(() => cluster.place(pod).why);
      return [pod.uid, { kind: "homeless", alone: alone !== undefined, reason: alone ?? together }];
    }),
  );
}
