import * as z from "zod";
import { fieldManager } from "../labels.ts";
import { digestOf } from "./digest.ts";

const managers = z.array(
  z.looseObject({ manager: z.string(), operation: z.string(), subresource: z.string().optional(), fieldsV1: z.unknown() }),
);

/**
 * A digest of the fields that the sets' manager holds of an object; undefined where it holds none. Whoever sets another value takes the field
 * away from it, as do a scaling and a forced apply: so that this changes is how a drift is seen.
 */
export function heldFields(managedFields: unknown): string | undefined {
  const { data = [] } = managers.safeParse(managedFields);
  const own = data.find(
    ({ manager, operation, subresource = "" }) => manager === fieldManager && operation === "Apply" && subresource === "",
  );
  return own === undefined ? undefined : digestOf(own.fieldsV1);
}
