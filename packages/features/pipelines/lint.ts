/** The way in for who checks files alone: what carries runs out weighs more than all of this. */
export { parseValue } from "./language/value.ts";
export { leftoversIn } from "./plan/leftovers.ts";
export { mistakesIn, paramMistakes, problemsOf } from "./plan/manifest.ts";
export { podProblemsOf } from "./step/manifest/pods.ts";
export { podSpecProblems } from "./step/pod/valid/pod.ts";
