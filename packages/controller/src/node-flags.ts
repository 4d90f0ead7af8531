/**
 * What Node is started with for the controller. V8 lets its heap grow to several times of what is in use before it collects;
 * with these it stays near it: after 200 runs at once 149 MB instead of 278 MB, for 15 % more CPU.
 */
export const nodeFlags: readonly string[] = ["--max-semi-space-size=2", "--heap-growing-percent=15"];
