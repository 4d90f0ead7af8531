import type { CacheEvent } from "@plimsoll/kube";
import type { Kill, SizedPod, SizedShape } from "@plimsoll/model/sizing";

/** More than that between two rounds is a storm: what it says is said by the first. */
const most = 10_000;

/** What pods' statuses have told of containers that were killed for want of memory, though by the next round they may tell of another, or be gone. */
export class Kills {
  #pending: { pod: SizedPod; kill: Kill }[] = [];
  /** By the UIDs of pods that were resized, what their containers asked for before, and until when that was seen. */
  readonly #before = new Map<string, { containers: SizedShape["containers"]; until: number }>();

  /** Takes in that a pod has come, changed or gone; gives whether that told of a kill. */
  observe(event: CacheEvent<SizedPod>, now: number): boolean {
    const { object: pod } = event;
    if (event.type === "update" && event.old.shape !== pod.shape)
      this.#before.set(pod.uid, { containers: event.old.shape.containers, until: now });
    const known = event.type === "update" ? event.old.kills : [];
    const fresh = pod.kills.filter((kill) => !known.some(({ container, at }) => container === kill.container && at === kill.at));
    for (const kill of fresh) if (this.#pending.length < most) this.#pending.push({ pod: this.#asWhen(pod, kill), kill });
    if (event.type === "delete") this.#before.delete(pod.uid);
    return fresh.length > 0;
  }

  /** A pod as it was killed: what it asks for may be another by now, as a change was taken back for that. */
  #asWhen(pod: SizedPod, { at }: Kill): SizedPod {
    const before = this.#before.get(pod.uid);
    return before === undefined || at >= before.until ? pod : { ...pod, shape: { ...pod.shape, containers: before.containers } };
  }

  /** Those that nobody has taken yet, with their pods as these were then; the same one may be among them twice. */
  taken(): readonly { pod: SizedPod; kill: Kill }[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}
