/** Whether a text is a day of the calendar, as 2026-12-31. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}

/** The day, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, "2026-12-31".length);
}
