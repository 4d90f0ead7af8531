/** What a duration looks like to the API server: hours, minutes and seconds, at least one of them; together at most some sixty years, as a Job counts its seconds in nanoseconds. */
export const durationPattern = "^(0*[0-9]{1,5}h)?(0*[0-9]{1,7}m)?(0*[0-9]{1,9}s)?$";

/** The same, where it isn't none: one of the three has a digit that isn't 0. */
export const somePattern =
  "^(0*[1-9][0-9]{0,4}h(0*[0-9]{1,7}m)?(0*[0-9]{1,9}s)?|(0*[0-9]{1,5}h)?0*[1-9][0-9]{0,6}m(0*[0-9]{1,9}s)?|(0*[0-9]{1,5}h)?(0*[0-9]{1,7}m)?0*[1-9][0-9]{0,8}s)$";

/** Reads `90s`, `10m` or `1h30m`; gives milliseconds. Throws an Error that says the form. */
export function parseDuration(text: string): number {
  const match = new RegExp(durationPattern).exec(text);
  if (match === null || text === "")
    throw new Error(`"${text}" is not a duration: write hours, minutes and seconds as in 1h30m, 10m or 45s`);
  // Each with its unit, which parseInt leaves out.
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part = "0") => Number.parseInt(part, 10));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
