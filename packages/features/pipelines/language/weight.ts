import { isCelList, isCelMap, type CelList, type CelMap, type CelValue } from "@bufbuild/cel";
import { spend } from "./metered.ts";

/** What a number, a list's frame and the like count as. */
const least = 8;
const heaviest = 2 ** 24;
/** Weights that have been worked out, while an evaluation holds the values. */
const weights = new WeakMap<CelList | CelMap, number>();

/**
 * About how many characters a value would take if it were written out. What it holds twice counts twice: `[x, x]` of `[x, x]` and so on is soon
 * more than a memory holds, though nothing is copied. Throws an Error for more than 16 Mi.
 */
export function weightOf(value: CelValue): number {
  if (typeof value === "string" || value instanceof Uint8Array) return least + value.length;
  return isCelList(value) || isCelMap(value) ? (weights.get(value) ?? weigh(value)) : least;
}

/** Notes the weight of a list that is made of others, so that it needn't be gone through. Throws as `weightOf`. */
export function setWeight(list: CelList, weight: number): void {
  weights.set(list, checked(weight));
}

function weigh(value: CelList | CelMap): number {
  let weight = least;
  for (const part of isCelList(value) ? value : [...value].flat()) {
    spend("characters", least);
    weight = checked(weight + weightOf(part));
  }
  weights.set(value, weight);
  return weight;
}

function checked(weight: number): number {
  if (weight > heaviest) throw new Error(`an expression makes a value of more than ${heaviest} characters: do this in a step`);
  return weight;
}
