import type { Clock } from "@plimsoll/kube";
import { createHash } from "node:crypto";

/** For how long what somebody else has overwritten is left alone: the first time, and at most, in milliseconds. */
const pause = { first: 1_000, most: 10 * 60_000 };
/** After so long without that, it is the first time again. */
const calm = 60 * 60_000;
/** So often it is no single edit any more. */
const often = 3;

/** How an object is to be taken whose status somebody else may write as well. */
export interface Standing {
  /** For how long it is to be left alone, in milliseconds. */
  left: number;
  /** Whether it has just been overwritten, not for the first time. */
  isContested: boolean;
}

interface Written {
  version: string;
  /** What was written last, as long as nobody has overwritten it. */
  part: string | undefined;
  times: number;
  at: number;
  until: number;
}

/**
 * Notices that somebody else overwrites what this process has written, as a second installation does that works in the same namespace: each would
 * write again what it holds for right as soon as it sees the other's, for ever. It is left alone for twice as long each time.
 */
export class Contest {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #byUid = new Map<string, Written>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** This process has written an object, which has this version since, and says this of it. */
  wrote(uid: string, version: string, part: unknown): void {
    const { times, at, until } = this.#byUid.get(uid) ?? { times: 0, at: -Infinity, until: -Infinity };
    this.#byUid.set(uid, { version, part: digest(part), times, at, until });
  }

  /** An object is seen in this version; `part`: what that says. */
  seen(uid: string, version: string, part: () => unknown): Standing {
    const now = this.#clock.monotonic();
    const written = this.#byUid.get(uid);
    if (written === undefined) return { left: 0, isContested: false };
    const isOverwritten = version !== written.version && written.part !== undefined && written.part !== digest(part());
    if (isOverwritten) {
      written.times = now - written.at > calm ? 1 : written.times + 1;
      written.at = now;
      written.until = now + Math.min(pause.most, pause.first * 2 ** (written.times - 1));
      written.part = undefined;
    }
    written.version = version;
    return { left: Math.max(0, written.until - now), isContested: isOverwritten && written.times >= often };
  }

  forget(uid: string): void {
    this.#byUid.delete(uid);
  }
}

function digest(part: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(part) ?? "")
    .digest("base64");
}
