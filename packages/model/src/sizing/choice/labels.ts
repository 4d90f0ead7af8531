/** The annotation of pods by which their owner wants no recommendation for them, and its value. */
export const optOut = { annotation: "plimsoll.dev/right-sizing", value: "ignore" } as const;

/** Of a pipeline's pod, the label that says of which step it is. */
export const stepLabel = "plimsoll.dev/step";

/** Of a pipeline's pod, the label that says that its step goes by what its pods use. */
export const sizingLabel = "plimsoll.dev/sizing";
