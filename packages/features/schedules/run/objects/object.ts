import { apiVersion, type Template } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import type { Timing } from "../../cron/timing.ts";
import { annotations, labels } from "../../labels.ts";
import type { Language } from "../../../expressions.ts";
import { backfillRunName, runName } from "../../names.ts";
import { render, timeText, valuesFor } from "../../template.ts";
import { TemplateError } from "./refusal.ts";
import type { MadeObject } from "./run-view.ts";

/** Whose run it is. */
export interface Owner {
  kind: "PipelineSchedule" | "Backfill";
  namespace: string;
  name: string;
  uid: string;
}

interface Making {
  owner: Owner;
  /** The schedule's name; a backfill has another. */
  schedule: string;
  /** Of a backfill. */
  round?: number;
  template: Template;
  timing: Timing;
  language: Language;
}

/** The object for a time, in milliseconds since 1970. Throws a TemplateError for an expression that has no value. */
export function objectFor(time: number, { owner, schedule, round, template, timing, language }: Making): MadeObject {
  const { namespace, name, uid, kind } = owner;
  const values = valuesFor(time, timing, { namespace, name: schedule });
  let made: Template;
  try {
    made = render(template, language, values);
  } catch (error) {
    throw new TemplateError(`the template has no value: ${messageOf(error)}`, { cause: error });
  }
  const metadata = {
    namespace,
    name: round === undefined ? runName(name, time) : backfillRunName(name, time, round),
    labels: { ...made.metadata?.labels, [labels.schedule]: schedule, ...(round === undefined ? {} : { [labels.backfill]: name }) },
    annotations: {
      ...made.metadata?.annotations,
      [annotations.time]: timeText(time),
      ...(round === undefined ? {} : { [annotations.round]: String(round) }),
    },
    ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
  };
  return { apiVersion: made.apiVersion, kind: made.kind, metadata, spec: made.spec };
}
