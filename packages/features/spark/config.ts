import { objectName } from "@plimsoll/api";
import * as z from "zod";

/** The feature's own keys in the controller's configuration file. */
export const config = z.object({
  mode: z.enum(["native", "operator"]).default("native").meta({
    description:
      "With native, Plimsoll runs applications. With operator, the Spark operator does: they are counted, and nothing is done to them.",
  }),
  serviceAccounts: z.array(objectName).min(1).max(100).default(["spark"]).meta({
    description:
      "The ServiceAccounts that drivers may run as; the first is the default. `plimsoll spark role` makes one that may do what a driver needs.",
  }),
  networkPolicy: z.boolean().default(true).meta({
    description: "Whether an application's executors are reached by its own pods alone, as with Spark 4.3's own policy.",
  }),
  crds: z.boolean().default(true).meta({
    description: "Whether the kinds of sparkoperator.k8s.io are installed; false where they are there already, as with the Spark operator.",
  }),
});

export type SparkConfig = z.output<typeof config>;
