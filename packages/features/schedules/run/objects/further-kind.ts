import { messageOf } from "@plimsoll/kube/message";
import * as z from "zod";
import { nameOf } from "../../../configured.ts";
import type { Further } from "../../../feature.ts";
import type { ScheduledKind } from "../../config.ts";
import { labels } from "../../labels.ts";
import type { Language } from "../../../expressions.ts";
import { handsOf, runIndexes, type RunKind } from "./run-kind.ts";
import { viewRun, type MadeObject, type PhaseOf } from "./run-view.ts";

/** The kinds that the configuration adds. They can only be ended by being deleted, with all that they own. */
export function furtherKinds(kinds: readonly ScheduledKind[], language: Language, further: Further | undefined): RunKind[] {
  if (further === undefined) return [];
  return kinds.map((kind) => {
    const name = nameOf(kind) as never;
    const client = further.runtime.client(name) as never;
    const phaseOf = phaseBy(kind, language);
    const project = (object: MadeObject) => viewRun(object, kind, phaseOf);
    const hands = handsOf<MadeObject>(client, project, "Background");
    return {
      kind: { apiVersion: kind.apiVersion, kind: kind.kind },
      view: further.runtime.view(name, {
        project: project as never,
        select: { labelSelector: labels.schedule },
        indexes: runIndexes,
        mayBeMissing: true,
      }) as never,
      ...hands,
      // Another starts only when what it owned is gone, too.
      end: (run) => handsOf<MadeObject>(client, project, "Foreground").remove(run),
    };
  });
}

const conditions = z.looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })) });

/** How an object stands, by expressions or by what most kinds say in their conditions. Throws an Error for an expression that isn't one. */
function phaseBy({ kind, succeeded, failed }: ScheduledKind, language: Language): PhaseOf<MadeObject> {
  const test = (key: string, text: string | undefined, types: readonly string[]): ((object: MadeObject) => boolean) => {
    if (text === undefined)
      return ({ status }) => {
        const { data } = conditions.safeParse(status);
        return data?.conditions.some(({ type, status }) => status === "True" && types.includes(type)) ?? false;
      };
    let value: ReturnType<Language>;
    try {
      value = language(`\${{ ${text} }}`);
    } catch (error) {
      throw new Error(`features.schedules.kinds, ${kind}: ${key}: ${messageOf(error)}`, { cause: error });
    }
    return (object) => {
      try {
        return value?.evaluate({ object }) === true;
      } catch {
        return false; // What it names isn't there yet.
      }
    };
  };
  const [hasSucceeded, hasFailed] = [test("succeeded", succeeded, ["Complete", "Succeeded"]), test("failed", failed, ["Failed"])];
  return (object) => ({ phase: hasSucceeded(object) ? "succeeded" : hasFailed(object) ? "failed" : "active", isEnding: false });
}
