import { expect, test } from "vitest";
import { Succession } from "./succession.ts";

const chain = {
  steps: [
    { name: "a", image: "i" },
    { name: "b", image: "i", needs: ["a"] },
    { name: "c", image: "i", needs: ["a", "b"] },
  ],
};

test("a step follows the last end of the pods that it needs, and its first try counts", () => {
  const succession = new Succession(chain);
  succession.created("run-1--a--1", 0);
  succession.ended("run-1--a--1", 5);
  succession.ended("run-1--a--1", 10);
  succession.created("run-1--b--1", 14);
  succession.created("run-1--b--2", 50);
  succession.ended("run-1--b--2", 60);
  succession.created("run-1--c--1", 67);
  expect(succession.latencies()).toEqual([4, 7]);
});

test("of Jobs, the pods have their Job's name with a random ending", () => {
  const succession = new Succession(chain);
  succession.created("run-1--a", 0);
  succession.ended("run-1--a-x7k2p", 10);
  succession.created("run-1--b", 19);
  expect(succession.latencies()).toEqual([9]);
});

test("a step whose needs weren't seen to end counts for nothing", () => {
  const succession = new Succession(chain);
  succession.created("run-1--b--1", 14);
  expect(succession.latencies()).toEqual([]);
});
