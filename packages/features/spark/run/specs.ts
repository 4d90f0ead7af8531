import { digestOf } from "../attempt.ts";
import { checkedSpec, type Rules } from "../check.ts";
import type { Application } from "../decide/application.ts";

type Known = Pick<Application, "read" | "digest" | "isSuspended">;

/** What applications say, read once for each generation of them: most of what is seen of one is another status. */
export class Specs {
  readonly #rules: Rules;
  readonly #known = new Map<string, Known & { generation: number }>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  of({ uid, generation }: { uid: string; generation: number }, spec: unknown): Known {
    const before = this.#known.get(uid);
    if (before?.generation === generation) return before;
    const given = typeof spec === "object" && spec !== null ? spec : {};
    const known = {
      generation,
      read: checkedSpec(spec, this.#rules),
      digest: digestOf(given),
      isSuspended: "suspend" in given && given.suspend === true,
    };
    this.#known.set(uid, known);
    return known;
  }

  forget(uid: string): void {
    this.#known.delete(uid);
  }
}
