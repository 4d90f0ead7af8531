import type { CacheEvent } from "../src/cache/listener.ts";

interface Versioned {
  key: string;
  uid: string;
  resourceVersion: string;
}

/**
 * What a cache's handler was told, replayed: holds what the events say is there, and every way in which they contradict
 * it: an object added twice, an update or a delete of what was not there, a version told twice.
 */
export class Replay<P extends Versioned> {
  readonly objects = new Map<string, P>();
  readonly faults: string[] = [];
  readonly #told = new Set<string>();

  handler = (event: CacheEvent<P>): void => {
    const { type, object } = event;
    const held = this.objects.get(object.key);
    const describe = `${type} of ${object.key} (${object.uid}) at ${object.resourceVersion}`;
    if (type === "add") {
      if (held) this.faults.push(`${describe}, but it is there`);
    } else if (held !== event.old) {
      this.faults.push(`${describe}, but its old version is not the one held`);
    } else if (event.old.uid !== object.uid) {
      this.faults.push(`${describe} has another uid than before`);
    }
    if (type === "delete") {
      this.objects.delete(object.key);
      return;
    }
    const version = `${object.uid}/${object.resourceVersion}`;
    if (this.#told.has(version)) this.faults.push(`${describe} was told before`);
    this.#told.add(version);
    this.objects.set(object.key, object);
  };
}
