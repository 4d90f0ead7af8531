/** Why no run is made for a time. */
export const omissions = ["Missed", "Forbidden", "Replaced", "QueueFull"] as const;

export type Omission = (typeof omissions)[number];

/** Times for which no run is made: of many the first and the last; `isMore`: there were more than were counted. */
export interface Omitted {
  reason: Omission;
  from: number;
  to: number;
  count: number;
  isMore: boolean;
}
