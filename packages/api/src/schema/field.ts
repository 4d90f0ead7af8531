import * as z from "zod";
import { durationPattern, somePattern } from "../duration.ts";
import { shownAt } from "../problems/shown.ts";

/** What a schema tells the API server beyond its type. */
export function crd(extensions: { listMapKey?: string; preserve?: boolean; atomic?: boolean }): Record<string, unknown> {
  return {
    // Without it, metadata.managedFields holds the owner of every field within, which is longer than the object.
    ...(extensions.atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
    ...(extensions.listMapKey ? { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [extensions.listMapKey] } : {}),
    ...(extensions.preserve ? { "x-kubernetes-preserve-unknown-fields": true } : {}),
  };
}

/** A rule that holds several fields of an object together. */
export interface Rule<T> {
  /** In CEL, for the API server; missing for what CEL can't see. */
  cel?: string;
  /** The same for where there is no API server; missing for rules on how an object changes. */
  check?: (value: T) => boolean;
  message: string;
  /** The fields that it holds together, where it has no CEL that names them. */
  of?: readonly (keyof T & string)[];
}

/** Adds rules to a schema, for the API server and for validation offline alike. */
export function withRules<S extends z.ZodType>(schema: S, rules: readonly Rule<z.output<S>>[]): S {
  const checked = rules.reduce<S>(
    (refined, { check, message, ...rule }) =>
      check === undefined ? refined : refined.refine(check, { message, params: { by: fieldsOf(rule) } }),
    schema,
  );
  const validations = rules.flatMap(({ cel, message }) => (cel === undefined ? [] : [{ rule: cel, message }]));
  return checked.meta({ ...schema.meta(), ...(validations.length > 0 ? { "x-kubernetes-validations": validations } : {}) });
}

function fieldsOf({ cel = "", of = [] }: { cel?: string; of?: readonly string[] }): string[] {
  return [...of, ...new Set(Array.from(cel.matchAll(/\bself\.(\w+)/g), ([, field = ""]) => field))];
}

/** Any JSON value. */
export const json = z.unknown().meta(crd({ preserve: true }));

/** A part of the names of Jobs: no two dashes together, as these divide the parts; it is also a DNS label. */
export const namePattern = "^[a-z0-9]+(-[a-z0-9]+)*$";

export const nameRule = "must be lower-case letters and digits, with single dashes between them";

/** A DNS label (RFC 1123), as the name of a namespace or a volume; it has at most 63 characters. */
export const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** The name of an object, or a reference to one. */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    "must be lower-case letters, digits, dashes and dots, and begin and end with a letter or a digit, as what is between two dots must",
  );

const durationRule = "must be a duration of hours, minutes and seconds, as in 1h30m, 10m or 45s";

/** Hours, minutes and seconds, as in `1h30m`. */
export const duration = z.string(durationRule).min(2).max(30).regex(new RegExp(durationPattern), durationRule);

/** A duration that something may take: it can't be none. */
export const timeLimit = z
  .string(durationRule)
  .min(2)
  .max(30)
  .regex(new RegExp(somePattern), `${durationRule}, and longer than none; for no limit, leave the field out`);

/** RFC 3339, in UTC. */
export const time = z.string().meta({ format: "date-time" });

const instantRule = "must be a time of RFC 3339 with its offset, as in 2027-03-28T02:30:00Z or 2027-03-28T02:30:00+01:00";

/** RFC 3339, as a user gives it. */
export const instant = z
  .string(instantRule)
  .regex(/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/, instantRule)
  .refine((text) => !Number.isNaN(Date.parse(text)), instantRule)
  .meta({ format: "date-time" });

const quantityRule = "must be a quantity, as in 500m or 1Gi";

/** What is said of a value that breaks a rule, with the value, which is no secret. */
export const shown = (rule: string) => ({ error: ({ input }: { input?: unknown }) => `is ${shownAt([], input)}: ${rule}` });

/** An amount of a resource, as in `500m` or `1Gi`, where it goes into an object of Kubernetes' own: these take any number. */
export const looseQuantity = z
  .union([z.string(), z.number()], quantityRule)
  .refine((value) => /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/.test(String(value)), shown(quantityRule))
  .meta({ "x-kubernetes-int-or-string": true });

/** An amount of a resource in a kind of ours: the API server takes no other numbers than whole ones there. */
export const quantity = looseQuantity
  .refine(
    (value) => typeof value === "string" || Number.isSafeInteger(value),
    shown('must be a whole number, or a quantity in quotes, as in "0.5"'),
  )
  .meta({ "x-kubernetes-int-or-string": true });

/** The metadata of an object, as far as Plimsoll reads it; the rest is kept. */
export const metadata = z.looseObject({
  name: z.string().optional(),
  generateName: z.string().optional(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.number().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
