import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FakeApi } from "./fake-api.ts";
import { Shelf } from "./shelf.ts";
import { podAt } from "./under-way.ts";

const scale = { runs: 1, steps: 100, isDistinct: true };

function fake(pods: number): FakeApi {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-shelf-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  Shelf.write(join(folder, "pods"), pods, (index) => podAt(index, scale));
  return new FakeApi({ pods: new Shelf(join(folder, "pods")) });
}

test("lists come page by page, whole, and are counted", async () => {
  const api = fake(10);
  const pages = await Array.fromAsync(api.client("pods").pages({ limit: 4 }));
  expect(pages.map(({ items }) => items.length)).toEqual([4, 4, 2]);
  expect(pages.flatMap(({ items }) => items)).toEqual(Array.from({ length: 10 }, (_, index) => podAt(index, scale)));
  expect(api.requests.list).toBe(3);
});

test("with limit 0 a list is one page, and of what is not there it is empty", async () => {
  const api = fake(10);
  expect((await Array.fromAsync(api.client("pods").pages({ limit: 0 }))).map(({ items }) => items.length)).toEqual([10]);
  expect(await Array.fromAsync(api.client("jobs.batch").pages())).toEqual([{ items: [], resourceVersion: "1" }]);
});

test("an object is got by its name, and another name is an error", async () => {
  const { client } = fake(10);
  await expect(client("pods").get({ name: "run-0--step-59--1" })).resolves.toEqual(podAt(9, scale));
  await expect(client("pods").get({ name: "other" })).rejects.toThrow('no pods "other"');
});
