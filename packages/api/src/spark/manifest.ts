import * as z from "zod";
import { metadata, objectName } from "../schema/field.ts";
import { withoutNulls } from "../schema/nulls.ts";
import { metadataProblems } from "../object-metadata.ts";
import { problemsIn } from "../problems/issues.ts";
import { type Problem } from "../problems/problem.ts";
import { or } from "../problems/words.ts";
import { sparkGroup, sparkKindNames, sparkVersion } from "./crds.ts";

const apiVersion = `${sparkGroup}/${sparkVersion}`;

const outlines = z.strictObject({
  apiVersion: z.literal(apiVersion),
  kind: z.string(),
  metadata,
  spec: z.unknown(),
  status: z.unknown().optional(),
});

/** An object of a file as one of Spark's: what it holds beside its spec has been checked. */
export interface SparkManifest {
  kind: string;
  name: string;
  spec: unknown;
  /** What the API server would refuse of its metadata, and its pods' labels with it. */
  problems: Problem[];
}

/** Reads an object of Spark's kinds; undefined for one of another group. */
export function readSparkObject(value: unknown): SparkManifest | { problems: Problem[] } | undefined {
  if (typeof value !== "object" || value === null || !("apiVersion" in value) || !("kind" in value)) return undefined;
  if (typeof value.apiVersion !== "string" || !value.apiVersion.startsWith(`${sparkGroup}/`)) return undefined;
  const known = sparkKindNames.some((kind) => kind === value.kind);
  if (value.apiVersion !== apiVersion) {
    // The operator has others, which are none of ours.
    return known ? mustBe("apiVersion", value.apiVersion, [apiVersion]) : undefined;
  }
  if (!known) return mustBe("kind", value.kind, sparkKindNames);
  const given = withoutNulls(value);
  const problems = problemsIn(outlines, given);
  if (problems.length > 0) return { problems };
  const { kind, metadata, spec } = outlines.parse(given);
  const name = metadata.name ?? metadata.generateName ?? "";
  return { kind, name, spec, problems: [...metadataProblems(metadata), ...nameProblems(kind, metadata.name)] };
}

function nameProblems(kind: string, name: string | undefined): Problem[] {
  const path = ["metadata", "name"];
  if (name === undefined) return [];
  if (!objectName.safeParse(name).success)
    return [
      { path, message: `is "${name}": must be lower-case letters, digits, dashes and dots, and begin and end with a letter or a digit` },
    ];
  // What a schedule's name may be, its runs say.
  if (name.length <= 63 || kind !== "SparkApplication") return [];
  return [{ path, message: `has ${name.length} characters: give it at most 63, as the pods have it as a label` }];
}

function mustBe(field: string, value: unknown, known: readonly string[]): { problems: Problem[] } {
  return { problems: [{ path: [field], message: `is ${JSON.stringify(value)}: must be ${or(known)}` }] };
}
