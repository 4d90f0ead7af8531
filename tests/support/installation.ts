import { randomBytes } from "node:crypto";
import { file } from "./cli.ts";
import { simulated } from "./cluster.ts";
import { kubectl } from "./kubectl.ts";

/** Values: simulated nodes run any image, and say that its pods are ready. */
export const onSimulated = file("simulated.yaml", JSON.stringify(simulated));

/** A name for a namespace that isn't there yet. */
export function fresh(): string {
  return `i-${randomBytes(4).toString("hex")}`;
}

/** Whether kubectl finds an object. */
export async function isThere(...what: string[]): Promise<boolean> {
  return (await kubectl("get", ...what, "--ignore-not-found", "-o", "name")) !== "";
}
