import * as z from "zod";
import { metadata } from "../field.ts";
import { withoutNulls } from "../nulls.ts";
import { problemsIn, type Problem } from "../problem.ts";
import { or } from "../words.ts";
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
  return { kind, name: metadata.name ?? metadata.generateName ?? "", spec };
}

function mustBe(field: string, value: unknown, known: readonly string[]): { problems: Problem[] } {
  return { problems: [{ path: [field], message: `is ${JSON.stringify(value)}: must be ${or(known)}` }] };
}
