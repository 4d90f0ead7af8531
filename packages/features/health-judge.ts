import { messageOf } from "@plimsoll/kube/message";
import * as z from "zod";
import type { Language } from "./expressions.ts";
import { builtInHealth, usualHealth, type HealthRules } from "./built-in-health.ts";
import type { Health } from "./health.ts";

/** Tells how an object stands. */
export type Judge = (object: object) => Health;

/** Whether the health of a kind is known here, so that sets can't say otherwise. */
export function isBuiltIn({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return Object.hasOwn(builtInHealth, `${apiVersion} ${kind}`);
}

/** What judges objects of a kind that no set says anything of. */
export function judgeOf({ apiVersion, kind }: { apiVersion: string; kind: string }, language: Language): Judge {
  return judgeBy(builtInHealth[`${apiVersion} ${kind}`] ?? usualHealth, language);
}

/** What judges by expressions. Throws an Error that names the one that isn't one. */
export function judgeBy(rules: HealthRules, language: Language): Judge {
  const { healthy, failed, succeeded } = {
    healthy: tested("healthy", rules.healthy, language),
    failed: tested("failed", rules.failed, language),
    succeeded: tested("succeeded", rules.succeeded, language),
  };
  return (object) => {
    if (succeeded(object)) return { state: "Succeeded", message: undefined };
    if (failed(object)) return { state: "Failed", message: complaintOf(object) };
    return healthy(object) ? { state: "Healthy", message: undefined } : { state: "Progressing", message: complaintOf(object) };
  };
}

function tested(field: string, text: string | undefined, language: Language): (object: object) => boolean {
  if (text === undefined) return () => false;
  let value: ReturnType<Language>;
  try {
    value = language(`\${{ ${text} }}`);
  } catch (error) {
    throw new Error(`${field}: ${messageOf(error)}`, { cause: error });
  }
  const unknown = [...(value?.variables ?? [])].find((name) => name !== "object");
  if (unknown !== undefined) throw new Error(`${field}: there is no "${unknown}": an expression on health knows \`object\``);
  return (object) => {
    try {
      return value?.evaluate({ object }) === true;
    } catch {
      return false; // What it names isn't there yet.
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
