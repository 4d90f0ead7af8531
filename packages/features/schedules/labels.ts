/** The labels by which runs of schedules are found. */
export const labels = {
  /** The schedule that a run is of, also a backfill's. */
  schedule: "plimsoll.dev/schedule",
  backfill: "plimsoll.dev/backfill",
} as const;

/** What a run carries in annotations. */
export const annotations = {
  /** The time that it is for. */
  time: "plimsoll.dev/scheduled-time",
  /** In which of its backfill's rounds it was made. */
  round: "plimsoll.dev/backfill-round",
  /** Who has ended it. */
  endedBy: "plimsoll.dev/ended-by",
} as const;
