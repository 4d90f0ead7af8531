import type { AutoResources, SizedTry } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { writtenMemory } from "@plimsoll/model";
import { afterKill, nextTry, type StepBounds, type StepTry } from "@plimsoll/model/sizing";
import type { Variables } from "../language/expression.ts";
import type { Meter } from "../language/meter.ts";
import { TemplateError } from "../language/template.ts";
import type { PlanStep } from "../plan/plan.ts";
import { boundsOf } from "../sizing/bounds.ts";
import { sizedTryOf, type Given, type Work } from "../sizing/given.ts";
import type { TryView } from "../step/kind.ts";
import type { Retry } from "./decision.ts";
import type { Draft } from "./draft.ts";
import { excerpt } from "../language/items.ts";

const keyPath = ["resources", "auto", "key"];
const longestClass = 63;
const mebi = 1024 ** 2;

/** How much work a try of a step with resources.auto is. Throws a TemplateError where its key gives neither a number nor a text. */
export function workOf(step: PlanStep, variables: Variables, meter: Meter): Work {
  const { size } = step.templates();
  if (size === undefined) return {};
  let value: unknown;
  try {
    value = size.evaluate(variables, meter);
  } catch (error) {
    throw new TemplateError(keyPath, messageOf(error));
  }
  if (typeof value === "number") return { size: value };
  if (typeof value !== "string")
    throw new TemplateError(keyPath, `\`${size.source}\` gives ${excerpt(value)}, neither a number nor a text`);
  if (value.length <= longestClass) return { class: value };
  throw new TemplateError(keyPath, `\`${size.source}\` gives ${excerpt(value)}: a class has at most ${longestClass} characters`);
}

/** What a try of a step is given where that goes by earlier ones. Throws a TemplateError as workOf does. */
export function givenFor(draft: Draft, step: PlanStep, variables: Variables, retry: Retry | undefined): Given | undefined {
  const { auto } = step.spec.resources ?? {};
  if (auto === undefined) return undefined;
  const work = workOf(step, variables, draft.meter(step));
  return { ...amountsFor(auto, draft.triesOf(step, work.class), work.size, retry?.memory), ...work };
}

function amountsFor(auto: AutoResources, tries: readonly StepTry[], size: number | undefined, least = 0): Given {
  const bounds = boundsOf(auto);
  const advice = nextTry(tries, bounds, size);
  const memory = rounded(Math.max(advice.memory, least), bounds);
  const basis = least > 0 && least >= advice.memory ? "Killed" : advice.basis;
  // Of what was never measured nobody knows less.
  return { memory, ...(auto.max.cpu !== undefined && { cpu: Math.ceil(advice.cpu ?? bounds.cpu.max) }), basis };
}

/** Up to whole MiB: a byte more is what a calculation isn't exact by. */
function rounded(memory: number, { memory: { max } }: StepBounds): number {
  return Math.min(max, Math.ceil((memory - 1) / mebi) * mebi);
}

/** What is known of a try that has ended; undefined where it doesn't count. */
export function sizedOf(draft: Draft, step: PlanStep, view: TryView | undefined, wasKilled: boolean): SizedTry | undefined {
  if (step.spec.resources?.auto === undefined || view?.given === undefined) return undefined;
  const { uid, item, try: number, given } = view;
  return sizedTryOf({ uid, item: step.fanned ? item : undefined, try: number }, given, draft.observed.use(uid), wasKilled);
}

/** That a try was killed for want of memory. */
export interface Killed {
  /** What the next one asks for at least. */
  memory: number;
  /** Whether that is more than it had. */
  hasMore: boolean;
  message: string;
}

/** What comes of it that a try was killed for want of memory; undefined where its step says itself what it asks for. */
export function killOf({ spec }: PlanStep, view: TryView | undefined, before: Retry): Killed | undefined {
  const { auto } = spec.resources ?? {};
  if (auto === undefined || view?.given === undefined) return undefined;
  const bounds = boundsOf(auto);
  const had = view.given.memory;
  // What holds its limit down, as a webhook may, must not have it tried for ever.
  const limit = Math.max(had, before.memory ?? 0);
  const more = afterKill(limit, bounds);
  const text = `out of memory (OOMKilled) with ${writtenMemory(had)}`;
  if (more === undefined)
    return { memory: bounds.memory.max, hasMore: false, message: `${text}, all that resources.auto.max.memory allows: raise it` };
  const memory = rounded(more, bounds);
  return { memory, hasMore: true, message: `${text}: it gets ${writtenMemory(memory)} at least` };
}
