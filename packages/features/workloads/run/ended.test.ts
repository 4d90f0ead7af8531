import { expect, test } from "vitest";
import { job, map, names } from "../testing/manifests.ts";
import { World } from "../testing/world.ts";

test("a Job that has come to its end and is gone isn't made again, until the set says something else of it", async () => {
  const world = new World();
  world.write("s", { manifests: [job("c")] });
  await world.settle();
  world.become("Job/c", "Succeeded");
  await world.settle();
  world.remove("Job/c");
  await world.settle();
  expect(names(world)).toEqual([]);
  expect(world.sets.get("s")?.status?.progress).toBe("1/1");
  world.write("s", { manifests: [job("c", "b")] });
  await world.settle();
  expect(names(world)).toEqual(["Job/c"]);
});

test.each(["Succeeded", "Failed"] as const)(
  "a Job that has %s and is gone before anybody has looked isn't made again; one that was gone before is",
  async (state) => {
    const world = new World();
    world.write("s", { manifests: [job("c")] });
    await world.settle();
    world.remove("Job/c");
    await world.settle();
    expect(names(world)).toEqual(["Job/c"]);
    world.become("Job/c", state);
    world.remove("Job/c");
    // Also where that can't be written at once.
    world.tell();
    world.writesLeft = 1;
    await world.settle();
    expect(names(world)).toEqual([]);
    expect(world.sets.get("s")?.status).toMatchObject({ progress: "1/1", inventory: [{ name: "c", health: state }] });
    world.now += 600_000;
    world.queue.set("ns/s", world.now);
    await world.settle();
    expect(names(world)).toEqual([]);
  },
);

test.each<[string, object, string[]]>([
  ["which says how long it stays then", { ttlSecondsAfterFinished: 60 }, []],
  ["which says that in its run policy", { runPolicy: { ttlSecondsAfterFinished: 60 } }, []],
  ["which says nothing of the sort", {}, ["ConfigMap/a"]],
])("an object of any kind %s, failed and gone, is %j", async (_, spec, left) => {
  const world = new World();
  world.write("s", { manifests: [{ ...map("a"), spec }] });
  await world.settle();
  world.become("ConfigMap/a", "Failed");
  await world.settle();
  world.remove("ConfigMap/a");
  await world.settle();
  expect(names(world)).toEqual(left);
});
