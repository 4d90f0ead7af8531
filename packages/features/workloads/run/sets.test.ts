import { ApiError } from "@plimsoll/kube";
import { array, assert, asyncProperty, constant, constantFrom, infiniteStream, nat, oneof, record } from "fast-check";
import { expect, test } from "vitest";
import { job, map, names } from "../testing/manifests.ts";
import { World } from "../testing/world.ts";

const conditionOf = (world: World, type: string, name = "s") =>
  world.sets.get(name)?.status?.conditions?.find((condition) => condition.type === type);
/** Everything that a set has applied stands in its inventory, at every moment. */
function heldBy(world: World): () => void {
  return () => {
    for (const live of world.objects.values()) {
      const set = world.sets.get(live.set);
      if (set === undefined || !live.applied.startsWith(`${set.metadata.uid}.`)) continue;
      expect(set.status?.inventory?.map(({ kind, name }) => `${kind}/${name}`)).toContain(`${live.kind}/${live.name}`);
    }
  };
}

test("what a set lists is applied, what it doesn't any more is deleted, and then nothing is asked for", async () => {
  const world = new World();
  world.invariants.push(heldBy(world));
  world.write("s", { manifests: [map("a"), map("b"), job("c")] });
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/a", "ConfigMap/b", "Job/c"]);
  expect(conditionOf(world, "Applied")).toMatchObject({ status: "True" });
  expect(conditionOf(world, "Healthy")).toMatchObject({ status: "True" });
  expect(world.sets.get("s")?.status?.progress).toBe("3/3");
  world.write("s", { manifests: [map("a", "2"), job("c")] });
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/a", "Job/c"]);
  expect(world.notes).toContain("deleted ConfigMap/b, which the set doesn't list any more");
  const before = world.requests;
  world.queue.set("ns/s", world.now);
  await world.settle();
  expect(world.requests).toBe(before);
});

test("a new leader asks for nothing where all is as it was", async () => {
  const world = new World();
  world.write("s", { manifests: [map("a"), job("c")] });
  await world.settle();
  world.writesLeft = 0;
  world.write("s", { manifests: [map("a", "2"), job("c")] });
  await world.settle();
  const before = world.requests;
  // It begins anew, as a process does.
  world.writesLeft = 0;
  world.queue.set("ns/s", world.now);
  await world.settle();
  expect(world.requests).toBe(before);
});

test.each([
  ["correct", "False", "ConfigMap/a: .data.a is held by kubectl-edit; it is as the set says again"],
  ["report", "True", undefined],
  ["ignore", "Unknown", undefined],
] as const)("driftPolicy %s: what somebody else changes makes Drifted %s", async (driftPolicy, status, note) => {
  const world = new World();
  world.write("s", { manifests: [map("a")], driftPolicy });
  await world.settle();
  const applied = world.objects.get("ConfigMap/a")?.fields;
  world.change("ConfigMap/a", "kubectl-edit");
  await world.settle();
  expect(conditionOf(world, "Drifted")).toMatchObject({ status });
  if (driftPolicy === "report") expect(conditionOf(world, "Drifted")?.message).toBe("ConfigMap/a: .data.a is held by kubectl-edit");
  expect(world.objects.get("ConfigMap/a")?.fields === applied).toBe(driftPolicy === "correct");
  expect(world.notes.find((text) => text.startsWith("ConfigMap/a"))).toBe(note);
  world.remove("ConfigMap/a");
  world.now += 10_000;
  await world.settle();
  expect(names(world)).toEqual(driftPolicy === "correct" ? ["ConfigMap/a"] : []);
});

test("a correction that is undone again and again is made less and less often", async () => {
  const world = new World();
  world.write("s", { manifests: [map("a")] });
  await world.settle();
  let corrections = 0;
  for (const end = world.now + 3_600_000; world.now < end; world.now += 1_000) {
    const before = world.notes.length;
    world.change("ConfigMap/a", "other");
    await world.settle();
    corrections += world.notes.length - before;
  }
  expect(corrections).toBeGreaterThan(10);
  expect(corrections).toBeLessThan(30);
});

test("a conflict is told with the field and the manager, tried again later, and forced where the set says so", async () => {
  const world = new World();
  world.write("s", { manifests: [map("a")] });
  await world.settle();
  world.change("ConfigMap/a", "helm");
  world.write("s", { manifests: [map("a", "2")] });
  await world.settle();
  expect(conditionOf(world, "Applied")).toMatchObject({
    status: "False",
    reason: "Conflict",
    message: "ConfigMap/a: .data.a is held by helm: leave that to them, or say conflicts: force to take it over",
  });
  const before = world.requests;
  world.now += 5_000;
  await world.settle();
  expect(world.requests).toBe(before);
  world.write("s", { manifests: [map("a", "2")], conflicts: "force" });
  await world.settle();
  expect(conditionOf(world, "Applied")).toMatchObject({ status: "True" });
});

const immutable = (): never => {
  throw new ApiError("PATCH /x", 422, {
    reason: "Invalid",
    message: 'Job "c" is invalid: spec.template: Invalid value: {}: field is immutable',
  });
};

test("what can't be changed is told, or replaced where the API server would take the new one", async () => {
  const world = new World();
  world.write("s", { manifests: [job("c")] });
  await world.settle();
  const { uid } = world.objects.get("Job/c") ?? {};
  world.refusals.set("Job/c", () => void (world.objects.has("Job/c") && immutable()));
  world.write("s", { manifests: [job("c", "b")] });
  await world.settle();
  expect(conditionOf(world, "Applied")).toMatchObject({
    reason: "Immutable",
    message: expect.stringContaining("say onImmutable: replace") as string,
  });
  world.refusals.set("new Job", () => {
    throw new ApiError("POST /x", 422, { reason: "Invalid", message: "spec.image: Required value" });
  });
  world.write("s", { manifests: [job("c", "b")], onImmutable: "replace" });
  await world.settle();
  expect(conditionOf(world, "Applied")).toMatchObject({
    reason: "Refused",
    message: expect.stringContaining("it can't be replaced: spec.image: Required value") as string,
  });
  expect(world.objects.get("Job/c")?.uid).toBe(uid);
  world.refusals.delete("new Job");
  world.now += 60_000;
  await world.settle();
  expect(conditionOf(world, "Applied")).toMatchObject({ status: "True" });
  expect(world.objects.get("Job/c")?.uid).not.toBe(uid);
});

test.each([
  ["before its answer", true],
  ["after its answer", false],
])("an object of another set is left to it, and taken when that lets it go, of which the watch tells %s", async (_, tellsFirst) => {
  const world = new World();
  world.tellsFirst = tellsFirst;
  world.write("s", { manifests: [map("a")] });
  await world.settle();
  world.write("t", { manifests: [map("a", "2"), map("b")] });
  await world.settle();
  expect(conditionOf(world, "Applied", "t")).toMatchObject({
    reason: "Owned",
    message: expect.stringContaining('belongs to the WorkloadSet "s"') as string,
  });
  expect(world.objects.get("ConfigMap/a")?.set).toBe("s");
  world.write("s", { manifests: [] });
  await world.settle();
  expect(world.objects.get("ConfigMap/a")?.set).toBe("t");
  expect(conditionOf(world, "Applied", "t")).toMatchObject({ status: "True" });
});

test("what waits for others is applied when these are well, and nothing is deleted before", async () => {
  const world = new World();
  world.write("s", { manifests: [map("old")] });
  await world.settle();
  world.health.set("Job/first", { state: "Progressing", message: "it runs" });
  const needs = { annotations: { "plimsoll.dev/depends-on": "Job/first" } };
  world.write("s", { manifests: [map("late", "1", needs), job("first")] });
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/old", "Job/first"]);
  expect(conditionOf(world, "Applied")).toMatchObject({ reason: "Waiting", message: "ConfigMap/late waits for Job/first" });
  expect(conditionOf(world, "Healthy")).toMatchObject({ message: "ConfigMap/late: it isn't there (and 1 more)" });
  world.become("Job/first", "Succeeded");
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/late", "Job/first"]);
});

test("a suspended set is left as it is, and says what it would do", async () => {
  const world = new World();
  world.write("s", { manifests: [map("a"), map("b")] });
  await world.settle();
  world.write("s", { manifests: [map("a", "2")], suspend: true });
  world.remove("ConfigMap/a");
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/b"]);
  expect(conditionOf(world, "Applied")).toMatchObject({
    reason: "Suspended",
    message: "ConfigMap/a: left as they are, as the set is suspended",
  });
  world.write("s", { manifests: [map("a", "2")] });
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/a"]);
});

test("what can't be carried out as it is written changes nothing, and says which field", async () => {
  const world = new World();
  world.write("s", { manifests: [map("a"), map("b")] });
  await world.settle();
  world.write("s", { manifests: [{ apiVersion: "v1", kind: "Secret", metadata: { name: "x" } }] });
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/a", "ConfigMap/b"]);
  expect(conditionOf(world, "Valid")).toMatchObject({
    status: "False",
    message: expect.stringContaining("spec.manifests[0].kind: Secret of v1") as string,
  });
});

test("a new leader whose watch of sets is behind loses nothing of what the last one wrote", async () => {
  const world = new World((below) => below - 1);
  world.write("s", { manifests: [map("a")] });
  await world.settle();
  world.write("s", { manifests: [map("a"), map("b")] });
  world.tell();
  // What it is about to apply is written, and then applied.
  world.writesLeft = 3;
  await world.round("ns/s");
  expect(names(world)).toEqual(["ConfigMap/a", "ConfigMap/b"]);
  world.remove("ConfigMap/a");
  world.tell("objects");
  await world.round("ns/s");
  world.write("s", { manifests: [map("a")] });
  await world.settle();
  expect(names(world)).toEqual(["ConfigMap/a"]);
});

const lists = [[], ["a"], ["a", "b"], ["b", "c"], ["a", "b", "c"]] as const;

test("whichever writes it dies at, and however late the watches are, it comes to what the set says, and nothing that it made is lost", async () => {
  const act = oneof(
    record({ act: constant("write" as const), list: nat(lists.length - 1), value: nat(2) }),
    record({ act: constant("die" as const), after: nat(6) }),
    record({ act: constant("tell" as const) }),
    record({ act: constant("round" as const) }),
    record({ act: constant("change" as const), key: constantFrom("ConfigMap/a", "ConfigMap/b") }),
    record({ act: constant("remove" as const), key: constantFrom("ConfigMap/a", "ConfigMap/c") }),
  );
  await assert(
    asyncProperty(array(act, { maxLength: 30 }), infiniteStream(nat(1_000)), async (acts, chances) => {
      const world = new World((below) => (chances.next().value ?? 0) % below);
      world.invariants.push(heldBy(world));
      world.write("s", { manifests: [map("a")], conflicts: "force" });
      for (const one of acts) {
        world.now += 1_000;
        if (one.act === "write")
          world.write("s", { manifests: lists[one.list]?.map((name) => map(name, String(one.value))) ?? [], conflicts: "force" });
        else if (one.act === "die") world.writesLeft = one.after;
        else if (one.act === "tell") world.tell();
        else if (one.act === "change") world.change(one.key, "somebody");
        else if (one.act === "remove") world.remove(one.key);
        else await world.round("ns/s");
      }
      world.writesLeft = Infinity;
      for (let time = 0; time < 5; time++) {
        world.now += 600_000;
        world.queue.set("ns/s", world.now);
        await world.settle();
      }
      const wanted = world.sets.get("s")?.spec.manifests?.map(({ metadata }) => `ConfigMap/${(metadata as { name: string }).name}`) ?? [];
      expect(names(world)).toEqual(wanted.sort());
      expect(
        world.sets
          .get("s")
          ?.status?.inventory?.map(({ kind, name }) => `${kind}/${name}`)
          .sort(),
      ).toEqual(wanted.sort());
      expect(conditionOf(world, "Applied")).toMatchObject({ status: "True" });
    }),
    { numRuns: 500 },
  );
});
