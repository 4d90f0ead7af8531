import { manifestOf, type Path, type Problem, type Step } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { judgeOf } from "./judging.ts";

/** What is wrong with a step's expressions on the object that it makes; `at`: where the step stands. */
export function judgingProblems(step: Step, at: Path): Problem[] {
  if (manifestOf(step) === undefined) return [];
  try {
    judgeOf(step);
    return [];
  } catch (error) {
    const [, field = "", message = messageOf(error)] = /^([\w.]+): (.*)$/s.exec(messageOf(error)) ?? [];
    return [{ path: [...at, ...field.split(".")], message, rule: "expression" }];
  }
}
