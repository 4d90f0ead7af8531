/** What keeps a step's objects from being created, though it may pass: a quota, a right that is missing, an object of the same name. */
export interface Blocked {
  message: string;
  /** How often it has been tried. */
  tries: number;
  /** Before this, in milliseconds since 1970, it isn't tried again, whatever else happens to the run. */
  retryAt: number;
}

const [first, unasked, longest] = [100, 1_000, 60_000];

/** The state after another failed creation: the next try comes after 100 ms, then twice as late each time, up to a minute. */
export function blockedAgain(before: Blocked | undefined, message: string, now: number): Blocked {
  const tries = (before?.tries ?? 0) + 1;
  return { message, tries, retryAt: now + Math.min(first * 2 ** (tries - 1), longest) };
}

/** The state of a step that was not tried, as too many before it failed. */
export function deferred(before: Blocked | undefined, message: string, now: number): Blocked {
  return { message, tries: before?.tries ?? 0, retryAt: now + unasked };
}
