import { messageOf } from "@plimsoll/kube/message";
import * as z from "zod";
import type { Language } from "./expressions.ts";
import { builtInHealth, usualHealth, type HealthRules } from "./built-in-health.ts";
import { isLeaving, knownEnds, usualEnd } from "./ends.ts";
import type { Health } from "./health.ts";

/** Tells how an object stands. */
export type Judge = (object: object) => Health;

/** Whether the health of a kind is known here, so that sets can't say otherwise. */
export function isBuiltIn({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return Object.hasOwn(builtInHealth, `${apiVersion} ${kind}`);
}

/** What judges objects of a kind that no set says anything of. */
export function judgeOf({ apiVersion, kind }: { apiVersion: string; kind: string }, language: Language): Judge {
  const key = `${apiVersion} ${kind}`;
  const builtIn = builtInHealth[key];
  if (builtIn !== undefined) return judgeBy(builtIn, language);
  const known = knownEnds[key];
  const ending = judgeBy({ healthy: "false", ...(known ?? usualEnd) }, language);
  if (known !== undefined) return ending;
  const lasting = judgeBy(usualHealth, language);
  return (object) => (isLeaving(object) ? ending : lasting)(object);
}

/** What judges by expressions. Throws an Error that names the one that isn't one. */
export function judgeBy(rules: HealthRules, language: Language): Judge {
  const [healthy, failed, succeeded, message] = (["healthy", "failed", "succeeded", "message"] as const).map((field) =>
    reader(field, rules[field], language),
  ) as [Reader, Reader, Reader, Reader];
  const complaint = (object: object): string | undefined => {
    const told = message(object);
    return typeof told === "string" && told !== "" ? told.slice(0, 1_000) : complaintOf(object);
  };
  return (object) => {
    if (succeeded(object) === true) return { state: "Succeeded", message: undefined };
    if (failed(object) === true) return { state: "Failed", message: complaint(object) };
    return healthy(object) === true ? { state: "Healthy", message: undefined } : { state: "Progressing", message: complaint(object) };
  };
}

/** Gives what an expression says of an object; undefined where it names what isn't there yet. */
type Reader = (object: object) => unknown;

function reader(field: string, text: string | undefined, language: Language): Reader {
  if (text === undefined) return () => undefined;
  let value: ReturnType<Language>;
  try {
    value = language(`\${{ ${text} }}`);
  } catch (error) {
    throw new Error(`${field}: ${messageOf(error)}`, { cause: error });
  }
  const unknown = [...(value?.variables ?? [])].find((name) => name !== "object");
  if (unknown !== undefined) throw new Error(`${field}: there is no "${unknown}": what is known here is \`object\`, as in object.status`);
  return (object) => {
    try {
      return value?.evaluate({ object });
    } catch {
      return undefined;
    }
  };
}

const complaining = z.looseObject({
  status: z.looseObject({
    message: z.string().optional().catch(undefined),
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() })).optional(),
  }),
});

/** What an object says of why it isn't healthy. */
function complaintOf(object: object): string | undefined {
  const { data } = complaining.safeParse(object);
  const { conditions = [], message } = data?.status ?? {};
  const bad = new Set(["Failed", "ReplicaFailure"]);
  const found =
    conditions.find(({ type, status }) => bad.has(type) && status === "True") ??
    conditions.find(({ type, status }) => !bad.has(type) && status === "False");
  const text = found?.message ?? message;
  return text === undefined || text === "" ? undefined : text.slice(0, 300);
}
