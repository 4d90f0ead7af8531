/** The labels by which the objects of runs are found, and what they stand for. */
export const labels = {
  run: "plimsoll.dev/run",
  runUid: "plimsoll.dev/run-uid",
  step: "plimsoll.dev/step",
  item: "plimsoll.dev/item",
  try: "plimsoll.dev/try",
  /** Of a step with resources.auto: by it those are found whose use is to be seen. */
  sizing: "plimsoll.dev/sizing",
} as const;

/** Whose objects they are. */
export interface RunIdentity {
  namespace: string;
  name: string;
  uid: string;
}

/** What a try's object carries in annotations. */
export const annotations = {
  script: "plimsoll.dev/script",
  item: "plimsoll.dev/item",
  /** What had ended by its creation, and was not yet in the run's status. */
  record: "plimsoll.dev/record",
  /** What it was given by, where its step has resources.auto. */
  sizing: "plimsoll.dev/sizing",
  /** What becomes of an object when it has ended, where that isn't to be deleted. */
  keep: "plimsoll.dev/keep",
} as const;
