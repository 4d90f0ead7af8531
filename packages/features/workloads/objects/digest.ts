import { inKeyOrder } from "@plimsoll/api";
import { createHash } from "node:crypto";

/** Sixteen hexadecimal digits that are the same for equal values, whatever the order of their keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(inKeyOrder(value)))
    .digest("hex")
    .slice(0, 16);
}
