import { manifestOf, type Step } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { builtInHealth } from "../../../built-in-health.ts";
import { knownEnds, usualEnd, type EndRules } from "../../../ends.ts";
import { isWell } from "../../../health.ts";
import { judgeBy } from "../../../health-judge.ts";
import { parseValue } from "../../language/value.ts";
import { bytesOf, type Outputs } from "../outputs.ts";
import type { TryState } from "../kind.ts";

/** Tells how an object of a step stands. */
export type Judge = (object: { status?: unknown }) => TryState;

/** Those of steps, which are judged often. */
const judges = new WeakMap<Step, Judge>();

/** What judges the objects of a step. Throws an Error that names the field whose expression isn't one. */
export function judgeOf(step: Step): Judge {
  let judge = judges.get(step);
  if (judge === undefined) judges.set(step, (judge = compileJudge(step)));
  return judge;
}

/** How many bytes the outputs of one object may take. */
const mostBytes = 16 * 1024;

function compileJudge(step: Step): Judge {
  const { apiVersion = "", kind = "" } = manifestOf(step) ?? {};
  const key = `${apiVersion} ${kind}`;
  const rules = knownEnds[key];
  const healthOf = judgeBy(healthRules(step, key, rules), parseValue);
  const outputs = Object.entries(step.outputs ?? rules?.outputs ?? {}).map(
    ([name, text]) => [name, reader(`outputs.${name}`, text)] as const,
  );
  return (object) => {
    const { state, message } = healthOf(object);
    if (state === "Failed")
      return { phase: "failed", failure: { reason: "Failed", message: `its ${kind} has failed${message ? `: ${message}` : ""}` } };
    // Before its controller has seen it, it weighs as a pod without a node does.
    if (!isWell(state))
      return {
        phase: "active",
        placed: object.status !== undefined,
        began: object.status !== undefined,
        ...(message ? { waiting: message } : {}),
      };
    try {
      return { phase: "succeeded", outputs: read(outputs, object) };
    } catch (error) {
      return { phase: "failed", failure: { reason: "InvalidOutputs", message: messageOf(error) } };
    }
  };
}

function healthRules({ succeeded, failed }: Step, key: string, rules: EndRules | undefined): Parameters<typeof judgeBy>[0] {
  const known = rules === undefined ? builtInHealth[key] : undefined;
  const { succeeded: ends, failed: fails } = rules ?? known ?? usualEnd;
  return {
    // What the step says alone counts.
    healthy: succeeded === undefined && known !== undefined ? known.healthy : "false",
    succeeded: succeeded ?? ends,
    failed: failed ?? fails,
    message: rules?.message,
  };
}

type Reader = (object: object) => unknown;

/** Throws an Error that names the field. */
function reader(field: string, text: string): Reader {
  let value: ReturnType<typeof parseValue>;
  try {
    value = parseValue(`\${{ ${text} }}`);
  } catch (error) {
    throw new Error(`${field}: ${messageOf(error)}`, { cause: error });
  }
  const unknown = [...(value?.variables ?? [])].find((name) => name !== "object");
  if (unknown !== undefined) throw new Error(`${field}: there is no "${unknown}": an expression on what a step has made knows \`object\``);
  return (object) => value?.evaluate({ object });
}

function read(readers: readonly (readonly [string, Reader])[], object: object): Outputs {
  const outputs: Outputs = {};
  for (const [name, value] of readers) {
    try {
      outputs[name] = textOf(value(object));
    } catch (error) {
      throw new Error(`outputs.${name}: ${messageOf(error)}`, { cause: error });
    }
  }
  if (bytesOf(outputs) > mostBytes)
    throw new Error(`the outputs take ${bytesOf(outputs)} bytes of at most ${mostBytes}: take what others need alone`);
  return outputs;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
