import { expect, test } from "vitest";
import type { Cloud } from "../src/cloud.ts";
import type { Answer } from "./server.ts";

/** A cloud as these cases see it. */
export interface Subject {
  open(): Promise<Cloud>;
  /** What was asked of it. */
  asked(): readonly string[];
  /** Has it answer otherwise, until it is given undefined. */
  answer(instead: Answer | "nothing" | undefined): void;
}

export interface Cases {
  /** providerIDs of machines that are there, in any state. */
  there: readonly string[];
  /** providerIDs of machines that aren't. */
  gone: readonly string[];
  /** providerIDs of which nothing may be said, and a part of why. */
  foreign: readonly (readonly [string, string])[];
  /** Answers that say nothing of a machine, what they are, and a part of why. */
  faults: readonly (readonly [string, Answer, string])[];
  /** Names of nodes → what is said of their machines. */
  names: Readonly<Record<string, "exists" | "gone" | "unsure">>;
}

/** What holds for every cloud. */
export function cloudCases(subject: Subject, { there, gone, foreign, faults, names }: Cases): void {
  const { signal } = new AbortController();
  const unsure = (why: string) => ({ state: "unsure", why: expect.stringContaining(why) as string });

  test("a machine is gone once the cloud says of it that it isn't there, whatever is said of others", async () => {
    const verdicts = await (await subject.open()).machines([...there, ...gone, ...foreign.map(([id]) => id)], signal);
    for (const id of there) expect([id, verdicts.get(id)]).toEqual([id, { state: "exists" }]);
    for (const id of gone) expect([id, verdicts.get(id)]).toMatchObject([id, { state: "gone" }]);
    for (const [id] of foreign) expect([id, verdicts.get(id)]).toMatchObject([id, { state: "unsure" }]);
  });

  test.each(foreign)("of %j nothing is asked, and nothing is said", async (id, why) => {
    const before = subject.asked().length;
    expect((await (await subject.open()).machines([id], signal)).get(id)).toEqual(unsure(why));
    expect(subject.asked()).toHaveLength(before);
  });

  test.each(faults)("an answer that %s says nothing of a machine", async (_, answer, why) => {
    subject.answer(answer);
    try {
      const cloud = await subject.open();
      // The SDKs try some of them again, with pauses: all at once.
      const [verdicts, ...named] = await Promise.all([
        cloud.machines([there[0] ?? "", gone[0] ?? ""], signal),
        ...Object.keys(names).map(async (name) => cloud.machineNamed(name, signal)),
      ]);
      for (const verdict of verdicts.values()) expect(verdict).toEqual(unsure(why));
      for (const verdict of named) expect(verdict).toMatchObject({ state: "unsure" });
    } finally {
      subject.answer(undefined);
    }
  });

  test("whoever doesn't wait any more is given his own reason", async () => {
    subject.answer("nothing");
    try {
      const end = new AbortController();
      const asked = (await subject.open()).machines(gone, end.signal);
      end.abort(new Error("the program ends"));
      await expect(asked).rejects.toThrow("the program ends");
    } finally {
      subject.answer(undefined);
    }
  });

  test.each(Object.entries(names))("of the machine of a node %s it is said that it %s", async (name, state) => {
    expect(await (await subject.open()).machineNamed(name, signal)).toMatchObject({ state });
  });

  test("nothing is asked about nothing", async () => {
    const before = subject.asked().length;
    expect(await (await subject.open()).machines([], signal)).toEqual(new Map());
    expect(subject.asked()).toHaveLength(before);
  });
}
