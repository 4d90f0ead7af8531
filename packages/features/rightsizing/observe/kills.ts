import type { CacheEvent } from "@plimsoll/kube";
import type { Kill, SizedPod } from "@plimsoll/model/sizing";

/** More than that between two rounds is a storm: what it says is said by the first. */
const most = 10_000;

/** What pods' statuses have told of containers that were killed for want of memory, though by the next round they may tell of another, or be gone. */
export class Kills {
  #pending: { pod: SizedPod; kill: Kill }[] = [];

  /** Takes in that a pod has come, changed or gone; gives whether that told of a kill. */
  observe(event: CacheEvent<SizedPod>): boolean {
    const before = event.type === "update" ? event.old.kills : [];
    const fresh = event.object.kills.filter((kill) => !before.some(({ container, at }) => container === kill.container && at === kill.at));
    for (const kill of fresh) if (this.#pending.length < most) this.#pending.push({ pod: event.object, kill });
    return fresh.length > 0;
  }

  /** Those that nobody has taken yet; the same one may be among them twice. */
  taken(): readonly { pod: SizedPod; kill: Kill }[] {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}
