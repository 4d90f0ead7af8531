import * as z from "zod";
import { crd, quantity } from "../schema/field.ts";
import { oneOf, repeated, withProblems } from "../problems/with-problems.ts";
import { reserved } from "./reserved.ts";

const objectName = z.string().min(1).max(253);
const keyRef = z.strictObject({ name: objectName, key: z.string().min(1).max(253), optional: z.boolean().optional() });

const valueFrom = withProblems(
  z.strictObject({
    secretKeyRef: keyRef.optional(),
    configMapKeyRef: keyRef.optional(),
    fieldRef: z.strictObject({ apiVersion: z.string().optional(), fieldPath: z.string().min(1) }).optional(),
    resourceFieldRef: z
      .strictObject({ containerName: z.string().optional(), resource: z.string().min(1), divisor: quantity.optional() })
      .optional(),
  }),
  (source) => oneOf(source, ["secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef"]),
)
  .describe(
    "Where its value comes from, in place of value; one of secretKeyRef and configMapKeyRef (name, key, optional), fieldRef (fieldPath) and resourceFieldRef (resource).",
  )
  .meta(crd({ preserve: true }));

const variable = withProblems(
  z.strictObject({
    name: z.string().min(1).max(256).describe("The variable's name."),
    value: z.string().max(32768).optional().describe("Its value."),
    valueFrom: valueFrom.optional(),
  }),
  function* ({ name, ...source }) {
    if (name.startsWith(reserved.env))
      yield { path: ["name"], message: `is "${name}", but what begins with ${reserved.env} is Plimsoll's: give it another name` };
    if (source.value !== undefined && source.valueFrom !== undefined)
      yield { path: ["valueFrom"], message: "stands beside value: give one of them" };
    if (source.value === undefined && source.valueFrom === undefined)
      yield { path: ["value"], message: "is missing: give a string, or valueFrom" };
  },
);

export const env = withProblems(z.array(variable, "must be a list, as in [{name: A, value: b}]").max(200), (variables) =>
  repeated(variables, "name"),
).meta(crd({ listMapKey: "name" }));

const sourceRef = z.strictObject({ name: objectName, optional: z.boolean().optional() });

export const envFrom = z
  .array(
    withProblems(
      z.strictObject({
        prefix: z.string().max(256).optional().describe("What is put before each name."),
        secretRef: sourceRef
          .optional()
          .describe("A Secret (name, optional).")
          .meta(crd({ preserve: true })),
        configMapRef: sourceRef
          .optional()
          .describe("A ConfigMap (name, optional).")
          .meta(crd({ preserve: true })),
      }),
      (source) => oneOf(source, ["secretRef", "configMapRef"]),
    ),
  )
  .max(50)
  .describe("Secrets and ConfigMaps whose every key becomes an environment variable; one of secretRef and configMapRef each.");
