import { readDocuments, withLines, type TextDocument } from "./yaml/documents.ts";
import { group, type CustomObject, type Kind, type ObjectOf } from "./schema/kind.ts";
import { kinds } from "./kinds/index.ts";
import { withoutNulls } from "./schema/nulls.ts";
import { ofRule, type Problem } from "./problems/problem.ts";
import { readSound, type Sound } from "./sound/part.ts";
import { or, withArticle } from "./problems/words.ts";

/** An object of a file, with the line that a field stands in. */
export interface Manifest<T extends CustomObject = ObjectOf<(typeof kinds)[number]>> extends Pick<TextDocument, "lineOf"> {
  object: T;
}

/** The well-formed parts of an object of a file. */
export interface SoundPart<T extends CustomObject = ObjectOf<(typeof kinds)[number]>> extends Manifest<T>, Pick<Sound<T>, "theirs"> {}

/** What a text holds, and what is wrong with it. */
interface Manifests<T extends CustomObject> {
  manifests: Manifest<T>[];
  /** What is well-formed of those that aren't, for whoever looks for more problems. */
  parts: SoundPart<T>[];
  problems: Problem[];
}

/** What is wrong with an object of a group of others' that is carried out all the same; undefined for one that isn't. */
export type Foreign = (value: unknown) => readonly Problem[] | undefined;

/**
 * Reads the objects of a YAML or JSON text that are of certain kinds; without these, of any. What cannot be read becomes problems; the
 * rest is still given. Objects of others beside them are left out, but for those that `foreign` judges.
 */
export function readManifests(text: string, accepted?: typeof kinds, foreign?: Foreign): Manifests<ObjectOf<(typeof kinds)[number]>>;
export function readManifests<K extends Kind>(text: string, accepted: readonly K[]): Manifests<ObjectOf<K>>;
export function readManifests(
  text: string,
  accepted: readonly Kind[] = kinds,
  foreign: Foreign = () => undefined,
): Manifests<CustomObject> {
  const { documents, problems } = readDocuments(text);
  const items = documents.flatMap(itemsOf);
  if (items.length === 0 && problems.length === 0)
    return { manifests: [], parts: [], problems: [{ path: [], message: `the file is empty: ${whatToGive(accepted)}`, rule: "yaml" }] };
  const manifests: Manifest<CustomObject>[] = [];
  const parts: SoundPart<CustomObject>[] = [];
  const own = items.filter(({ value }) => !isOthers(value) || foreign(value) !== undefined);
  // Objects of others may stand beside them: these are kubectl's to judge.
  const judged = own.length > 0 ? own : items;
  problems.push(...new Set(judged.flatMap(({ ambiguities }) => ambiguities)));
  for (const { value, lineOf } of judged) {
    const theirs = foreign(value);
    if (theirs !== undefined) {
      problems.push(...withLines(ofRule("field", theirs), lineOf));
      continue;
    }
    const { object, part, found } = readObject(value, accepted);
    problems.push(...withLines(ofRule("yaml", found), lineOf));
    if (object !== undefined) manifests.push({ object, lineOf });
    if (part !== undefined)
      parts.push({ object: part.object, theirs: part.theirs, lineOf: (path, within) => lineOf(part.placeOf(path), within) });
  }
  return { manifests, parts, problems };
}

/** The items of a List, as kubectl prints several objects; else the document itself. */
function itemsOf(document: TextDocument): TextDocument[] {
  const { value, lineOf } = document;
  if (typeof value !== "object" || value === null || !("items" in value) || !Array.isArray(value.items)) return [document];
  if (!("kind" in value) || value.kind !== "List") return [document];
  const { ambiguities } = document;
  return value.items.map((item: unknown, index) => ({
    value: item,
    lineOf: (path, within) => lineOf(["items", index, ...path], within),
    ambiguities,
  }));
}

/** Whether it is an object of Kubernetes' or of somebody else's. */
function isOthers(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("apiVersion" in value)) return false;
  const { kind, apiVersion } = value;
  if (typeof kind !== "string" || typeof apiVersion !== "string") return false;
  return !apiVersion.startsWith(`${group}/`) && !kinds.some((one) => one.kind === kind);
}

function readObject(value: unknown, accepted: readonly Kind[]): { object?: CustomObject; part?: Sound<CustomObject>; found: Problem[] } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { found: [{ path: [], message: `not an object: ${whatToGive(accepted)}` }] };
  const kind = "kind" in value ? value.kind : undefined;
  const apiVersion = "apiVersion" in value ? value.apiVersion : undefined;
  const served = accepted.flatMap(({ kind, versions }) =>
    versions.flatMap(({ name, schema, served }) => (served ? [{ kind, apiVersion: `${group}/${name}`, schema }] : [])),
  );
  const ofVersion = served.filter((one) => one.apiVersion === apiVersion);
  if (ofVersion.length === 0) return { found: [mustBe("apiVersion", apiVersion, new Set(served.map((one) => one.apiVersion)))] };
  const known = ofVersion.find((one) => one.kind === kind);
  if (known === undefined) return { found: [mustBe("kind", kind, new Set(ofVersion.map((one) => one.kind)))] };
  const read = readSound(known.kind, known.schema, withoutNulls(value) as object);
  if ("object" in read) return { object: read.object, found: [] };
  const { part, problems } = read;
  return { ...(part && { part }), found: problems.map(({ path, message }) => ({ path, message, rule: "field" })) };
}

function whatToGive(accepted: readonly Kind[]): string {
  return `give ${or(accepted.map(({ kind }) => withArticle(kind)))}`;
}

function mustBe(field: string, value: unknown, known: Iterable<string>): Problem {
  const is = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
  return { path: [field], message: `${is}: must be ${or(known)}` };
}
