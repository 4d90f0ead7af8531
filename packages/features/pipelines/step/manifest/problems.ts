import { manifestOf, type Path, type Problem, type Step } from "@plimsoll/api";
import { messageOf } from "@plimsoll/kube/message";
import { hasNoNamespace } from "../../../configured.ts";
import { judgeOf } from "./judging.ts";

/** What is wrong with the kind of the object that a step makes, and with its expressions on that; `at`: where the step stands. */
export function judgingProblems(step: Step, at: Path): Problem[] {
  const manifest = manifestOf(step);
  if (manifest === undefined) return [];
  const { apiVersion, kind } = manifest;
  if (typeof apiVersion === "string" && typeof kind === "string" && hasNoNamespace({ apiVersion, kind }))
    return [
      {
        path: [...at, "manifest", "kind"],
        message: `a ${kind} belongs to no namespace, and what steps make to the run's: make it by other means`,
        rule: "manifest-kind",
      },
    ];
  try {
    judgeOf(step);
    return [];
  } catch (error) {
    const [, field = "", message = messageOf(error)] = /^([\w.]+): (.*)$/s.exec(messageOf(error)) ?? [];
    return [{ path: [...at, ...field.split(".")], message, rule: "expression" }];
  }
}
