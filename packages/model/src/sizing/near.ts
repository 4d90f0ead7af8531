/** Whether what is asked for now is off by less than so many percent of it. */
export function isNear(now: number, want: number, percent: number): boolean {
  return Math.abs(want - now) * 100 < percent * now;
}
