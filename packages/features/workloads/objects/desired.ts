import type { WorkloadSet } from "@plimsoll/api";
import { comesToAnEnd } from "../../ends.ts";
import { appliedDigest, type SetIdentity } from "./body.ts";
import { rankOf } from "./order.ts";
import { keyOf, type Ref } from "./ref.ts";
import type { Written, WrittenObject } from "./written.ts";

/** An object as a set wants it. */
export interface Desired {
  ref: Ref;
  key: string;
  object: WrittenObject;
  /** Of what is applied. */
  digest: string;
  /** In which round it is applied: never before what it needs. */
  rank: number;
  /** The keys of those that are to be healthy before. */
  needs: readonly string[];
  /** Whether it may come to its end, and is gone some time later. */
  ends: boolean;
}

/** The objects of a set, each with what it needs, by their keys; none needs itself, also not through others. */
export function desiredOf(objects: readonly Written[], needs: ReadonlyMap<string, readonly string[]>, set: SetIdentity): Desired[] {
  const own = new Map(objects.map(({ ref }) => [keyOf(ref), rankOf(ref)]));
  const ranks = new Map<string, number>();
  const rankOfKey = (key: string): number => {
    const known = ranks.get(key);
    if (known !== undefined) return known;
    const rank = Math.max(own.get(key) ?? 0, ...(needs.get(key) ?? []).map(rankOfKey));
    ranks.set(key, rank);
    return rank;
  };
  return objects.map(({ ref, object }) => {
    const key = keyOf(ref);
    return {
      ref,
      key,
      object,
      digest: appliedDigest(object, set),
      rank: rankOfKey(key),
      needs: needs.get(key) ?? [],
      ends: comesToAnEnd(object),
    };
  });
}

/** Whose the objects of a set are. */
export function identityOf({ metadata: { namespace = "", name = "", uid = "" }, spec }: WorkloadSet): SetIdentity {
  return { namespace, name, uid, orphans: spec.deletionPolicy === "orphan" };
}
