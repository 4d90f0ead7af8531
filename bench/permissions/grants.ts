import { compare, countOf, features, references, rulesOfFeatures } from "@plimsoll/controller";
import type { Row } from "../table.ts";

/** The grants that Plimsoll's features hold, beside the roles that they stand in for. */
export function grantsBesides(): Row[] {
  const { rules, atoms } = countOf(rulesOfFeatures());
  return [
    { what: `grants of Plimsoll's features (${features.map(({ name }) => name).join(", ")})`, value: `${atoms} in ${rules} rules` },
    ...references.map((reference) => {
      const found = compare(reference);
      const count = (verdict: string): number => found.filter((comparison) => comparison.verdict === verdict).length;
      return { what: `grants of the ${reference.name} roles`, value: `${found.length}: ${count("granted")} granted, ${count("not needed")} not needed, ${count("not built yet")} not built yet` };
    }),
  ];
}
