import type { Cluster, PodView } from "@plimsoll/model";
import type { Verdict } from "./plan.ts";

type Homeless = Verdict & { kind: "homeless" };

/** Which of these pods would find no node if all of them were moved, by UID. Those that nothing makes again need none. */
export function homelessOf(cluster: Cluster, pods: readonly PodView[]): ReadonlyMap<string, Homeless> {
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
