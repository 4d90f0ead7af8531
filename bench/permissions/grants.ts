import { countsOf, declaredRules, features, references } from "@plimsoll/controller";
import { atoms } from "@plimsoll/permissions";
import type { Row } from "../table.ts";

/** The grants that Plimsoll's features hold, beside the roles that they stand in for. */
export function grantsBesides(): Row[] {
  return [
    {
      what: `grants of Plimsoll's features (${features.map(({ name }) => name).join(", ")})`,
      value: `${atoms(declaredRules).length} in ${declaredRules.length} rules`,
    },
    ...references.flatMap((reference) =>
      [...countsOf(reference)].map(([role, { rules, optional, grants, verdicts }]) => ({
        what: `grants of the ${reference.name} roles: ${role}`,
        value: `${grants} in ${rules} ${rules === 1 ? "rule" : "rules"}${optional > 0 ? ` (${optional} optional)` : ""}: ${verdicts.granted} granted, ${verdicts["not needed"]} not needed`,
      })),
    ),
  ];
}
