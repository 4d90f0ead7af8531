import { celList, celListConcat, type CelList } from "@bufbuild/cel";
import { spend } from "../metered.ts";
import { setWeight, weightOf } from "../weight.ts";

/** The lists that a longer list is made of, none of them longer than the one before. */
const partsOf = new WeakMap<CelList, CelList[]>();

/**
 * One list behind the other. `map` and `filter` put their results together one at a time: kept as a list in a list in a list, some thousands
 * would overflow the stack; so equal parts are joined, as a binary counter carries.
 */
export function concat(a: CelList, b: CelList): CelList {
  const parts = [...(partsOf.get(a) ?? [a]), b];
  for (
    let last = parts.at(-1), before = parts.at(-2);
    last && before && before.size <= last.size;
    last = parts.at(-1), before = parts.at(-2)
  ) {
    spend("characters", 8 * (before.size + last.size));
    parts.splice(-2, 2, celList([...before, ...last]));
  }
  const list = celListConcat(...parts);
  setWeight(list, weightOf(a) + weightOf(b));
  partsOf.set(list, parts);
  return list;
}
