/**
 * What Node is started with for the controller: the space for new objects, MiB. V8 lets it grow to many times of what is in use;
 * with this, 200 runs at once take 143 MB instead of 235 MB, at the same CPU time.
 */
export const nodeFlags: readonly string[] = ["--max-semi-space-size=4"];
