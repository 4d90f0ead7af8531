/** As whom the feature changes pods and templates. */
export const fieldManager = "plimsoll-resizing";
