import { valueAt, type Path, type Problem } from "@plimsoll/api";
import * as z from "zod";
import { hasNoNamespace } from "../../configured.ts";
import { labels } from "../labels.ts";
import type { Ref } from "./ref.ts";

const texts = z.record(z.string(), z.string());

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: texts.optional(), annotations: texts.optional() }),
});

/** An object as it is applied, before what tells whose it is. */
export type WrittenObject = z.output<typeof object>;

/** An object of a set, and where it stands. */
export interface Written {
  ref: Ref;
  object: WrittenObject;
  path: Path;
}

/** What the API server writes itself; none can be applied. */
const othersFields = ["uid", "resourceVersion", "generation", "managedFields", "selfLink", "deletionTimestamp", "ownerReferences"];

/** Fields that an expression can't stand for, as they say who may write the object. */
const plain = [["apiVersion"], ["kind"], ["metadata", "namespace"]] as const;

/** What is wrong with an object's head before its expressions are evaluated. */
export function* headProblems(value: unknown, path: Path): Generator<Problem> {
  const [apiVersion, kind] = [valueAt(value, ["apiVersion"]), valueAt(value, ["kind"])];
  if (typeof apiVersion === "string" && typeof kind === "string" && hasNoNamespace({ apiVersion, kind }))
    yield {
      path: [...path, "kind"],
      message: `a ${kind} belongs to no namespace, and a set's objects to its own: leave it out, and apply it by other means`,
    };
  for (const field of plain) {
    const text = valueAt(value, field);
    if (typeof text === "string" && text.includes("${{"))
      yield { path: [...path, ...field], message: "an expression can't stand here: whose rights the object takes must be plain to see" };
  }
}

/** Checks an object of a set in a namespace; its expressions have been evaluated. */
export function readObject(value: unknown, path: Path, namespace: string): { written: Written } | { problems: Problem[] } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { problems: [{ path, message: "not an object: give one" }] };
  const read = object.safeParse(value);
  if (!read.success)
    return {
      problems: read.error.issues.map((issue) => {
        const within = issue.path.filter((part) => typeof part !== "symbol");
        return { path: [...path, ...within], message: faultIn(value, within) };
      }),
    };
  const { data } = read;
  const problems = [...metadataProblems(data.metadata, [...path, "metadata"], namespace), ...statusProblems(data, path)];
  if (problems.length > 0) return { problems };
  const { namespace: _, creationTimestamp: _made, ...metadata } = data.metadata;
  const { status: _status, ...rest } = data;
  const { apiVersion, kind } = data;
  return { written: { ref: { apiVersion, kind, name: metadata.name }, object: { ...rest, metadata } as WrittenObject, path } };
}

function* metadataProblems(metadata: WrittenObject["metadata"], path: Path, namespace: string): Generator<Problem> {
  const { name, namespace: given } = metadata;
  if (!/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 253)
    yield {
      path: [...path, "name"],
      message: `is ${JSON.stringify(name)}: must be lower-case letters, digits, dashes and dots, and begin and end with a letter or a digit`,
    };
  if (given !== undefined && given !== namespace)
    yield {
      path: [...path, "namespace"],
      message: `is ${JSON.stringify(given)}: a set's objects are in its own namespace, "${namespace}"; leave it out, or make a set there`,
    };
  if (metadata["generateName"] !== undefined)
    yield { path: [...path, "generateName"], message: "what is applied has a name of its own: give name" };
  for (const field of othersFields)
    if (metadata[field] !== undefined)
      yield { path: [...path, field], message: "is written by the API server or by the set: leave it out" };
  if (metadata.labels?.[labels.set] !== undefined)
    yield { path: [...path, "labels", labels.set], message: "is the set's own: leave it out" };
}

function* statusProblems({ status }: WrittenObject, path: Path): Generator<Problem> {
  // As `kubectl create --dry-run` prints it.
  if (status === undefined || (typeof status === "object" && status !== null && Object.keys(status).length === 0)) return;
  yield { path: [...path, "status"], message: "is what the cluster has made of it: leave it out" };
}

function faultIn(value: object, path: Path): string {
  const found = valueAt(value, path);
  const what =
    path.includes("labels") || path.includes("annotations") ? "a text: put it in quotes" : path.at(-1) === "metadata" ? "a map" : "a text";
  return found === undefined ? `is missing: give ${what}` : `is ${JSON.stringify(found).slice(0, 60)}: must be ${what}`;
}
