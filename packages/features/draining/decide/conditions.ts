import type { Condition } from "@plimsoll/api";

type Content = Pick<Condition, "type" | "status" | "reason" | "message">;

/** The conditions as they are now: of one whose status stays, the time of its last transition stays, too. */
export function conditionsOf(before: readonly Condition[], contents: readonly Content[], generation: number, now: number): Condition[] {
  return contents.map((content) => {
    const old = before.find(({ type }) => type === content.type);
    const lastTransitionTime = old?.status === content.status ? old.lastTransitionTime : new Date(now).toISOString();
    return { ...content, message: content.message.slice(0, 1_000), lastTransitionTime, observedGeneration: generation };
  });
}
