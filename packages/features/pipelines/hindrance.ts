/** What keeps a step's Jobs from being created, though it may pass: a quota, a right that is missing, an object of the same name. */
export interface Hindrance {
  message: string;
  /** How often it has been tried. */
  tries: number;
  /** Before this, in milliseconds since 1970, it isn't tried again, whatever else happens to the run. */
  retryAt: number;
}

const [first, untried, longest] = [100, 1_000, 60_000];

/** A hindrance after another try in vain: the next comes after 100 ms, then twice as late each time, up to a minute. */
export function hinderedAgain(before: Hindrance | undefined, message: string, now: number): Hindrance {
  const tries = (before?.tries ?? 0) + 1;
  return { message, tries, retryAt: now + Math.min(first * 2 ** (tries - 1), longest) };
}

/** The hindrance of a step that has not been tried, as too many before it were in vain. */
export function passedOver(before: Hindrance | undefined, message: string, now: number): Hindrance {
  return { message, tries: before?.tries ?? 0, retryAt: now + untried };
}
