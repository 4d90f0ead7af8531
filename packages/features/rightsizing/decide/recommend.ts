import type { RightSizingPolicy } from "@plimsoll/api";
import type { Amounts } from "@plimsoll/model";
import { isNear, rounded, type SizedResource } from "@plimsoll/model/sizing";
import type { Settings } from "./settings.ts";

/** Thousandths of a core, and bytes; what of these is known. */
export interface Use {
  cpu?: number | undefined;
  memory?: number | undefined;
}

/** What is known of a container's use. */
export interface Known {
  samples: number;
  /** In percent. */
  confidence: number;
  /** Undefined: neither was its use ever seen, nor that it was killed for want of memory. */
  estimate: { target: Use; lower: Use; upper: Use } | undefined;
}

/** What containers of a workload ask for now. CPU in thousandths of a core, memory in bytes. */
export interface Current {
  requests: Amounts;
  limits: Amounts;
  isOptedOut: boolean;
  /** What their pod asks for as a whole: what one of its containers does is nobody's gain. */
  whole: readonly SizedResource[];
}

/** Why there is a recommendation, or none. */
export type Reason = "Recommended" | "Close" | "AtLimit" | "AtLeastCurrent" | "NoSamples" | "Unsure" | "OptedOut" | "PodLevel";

/** What is recommended. CPU in thousandths of a core, memory in bytes. */
export interface Advice {
  reason: Reason;
  target?: Amounts;
  limits?: Amounts;
  lower?: Amounts;
  upper?: Amounts;
}

type Spec = Pick<RightSizingPolicy["spec"], "minChange" | "minConfidence" | "downOnly">;

/** What to ask for, by what is known of a container's use, and what its policy says. */
export function recommend({ confidence, estimate }: Known, current: Current, settings: Settings, spec: Spec): Advice {
  if (current.isOptedOut) return { reason: "OptedOut" };
  const own = settings.resources.filter((resource) => !current.whole.includes(resource));
  if (own.length === 0) return { reason: "PodLevel" };
  const resources = own.filter((resource) => estimate?.target[resource] !== undefined);
  if (estimate === undefined || resources.length === 0) return { reason: "NoSamples" };
  const lower = within(rounded(estimate.lower), settings, own);
  const upper = within(rounded(estimate.upper), settings, own);
  if (confidence < (spec.minConfidence ?? 0)) return { reason: "Unsure", lower, upper };
  const wanted = within(rounded(estimate.target), settings, own);
  const target: Record<string, number> = {};
  const minChange = spec.minChange ?? 10;
  let [hasChange, isHeld, isAtLimit] = [false, false, false];
  for (const resource of resources) {
    const [now, limit] = [current.requests[resource], current.limits[resource]];
    const best = wanted[resource] ?? 0;
    // A request above its limit would be refused.
    const want = settings.limits === "keep" && limit !== undefined ? Math.min(best, limit) : best;
    const isSettled = now !== undefined && (now === want || isNear(now, want, minChange));
    if (isSettled && want < best && !isNear(now, best, minChange)) isAtLimit = true;
    if (now === undefined && spec.downOnly === true) isHeld = true;
    else if (now === undefined) [target[resource], hasChange] = [want, true];
    // Also where a limit that is kept is below what bounds ask for: there is nothing to change.
    else if (now === want || (isSettled && isWithin(now, settings, resource))) target[resource] = now;
    else if (spec.downOnly === true && want > now) [target[resource], isHeld] = [now, true];
    else [target[resource], hasChange] = [want, true];
  }
  const limits = limitsFor(target, current, settings);
  const reason = hasChange ? "Recommended" : isHeld ? "AtLeastCurrent" : isAtLimit ? "AtLimit" : "Close";
  return { reason, target, lower, upper, ...(Object.keys(limits).length > 0 && { limits }) };
}

function isWithin(amount: number, { bounds }: Settings, resource: SizedResource): boolean {
  return amount >= bounds[resource].min && amount <= bounds[resource].max;
}

/** Of the resources that are recommended for, within their bounds. */
function within(amounts: Amounts, { bounds }: Settings, resources: readonly SizedResource[]): Amounts {
  return Object.fromEntries(
    resources.flatMap((resource) => {
      const amount = amounts[resource];
      return amount === undefined ? [] : [[resource, Math.min(bounds[resource].max, Math.max(bounds[resource].min, amount))]];
    }),
  );
}

/** The limits that go with a target. */
function limitsFor(target: Amounts, { requests, limits }: Current, settings: Settings): Amounts {
  const found: Record<string, number> = {};
  for (const [resource, limit] of Object.entries(limits)) {
    const [now, next] = [requests[resource], target[resource]];
    if (next === undefined || next === now || settings.limits === "keep") found[resource] = limit;
    else if (settings.limits === "ratio") found[resource] = now ? Math.max(next, Math.round((limit * next) / now)) : Math.max(next, limit);
  }
  return found;
}
