/*
 * A run's name is its schedule's or its backfill's, a dash, and the time that it is for. A backfill's has a letter and the round behind the
 * time, so that none of them is that of a schedule's run, whatever they are called.
 */

/** The name of a schedule's run for a time, in milliseconds since 1970. */
export function runName(schedule: string, time: number): string {
  return `${schedule}-${digitsOf(time)}`;
}

/** The name of a backfill's run for a time, in one of its rounds. */
export function backfillRunName(backfill: string, time: number, round: number): string {
  return `${backfill}-${digitsOf(time)}b${round}`;
}

/** In UTC, as in 202703280230; the seconds follow where there are any. */
function digitsOf(time: number): string {
  const [, minutes = "", seconds = "00"] = /^(.{12})(..)/.exec(new Date(time).toISOString().replace(/\D/g, "")) ?? [];
  return seconds === "00" ? minutes : minutes + seconds;
}
