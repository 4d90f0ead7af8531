import { driverRole } from "@plimsoll/features/spark";
import { Command } from "commander";
import { formatDocuments, formatObject, listOf, withObject, type ObjectFormat } from "../output/output.ts";

/** `plimsoll spark role`: what a namespace's drivers run as. */
export function roleCommand(): Command {
  return withObject(new Command("role"), "how to print (default: yaml)")
    .description("print the ServiceAccount that drivers run as, with the Role that Spark 4.3 was seen to need, to be applied by kubectl")
    .option("-n, --namespace <name>", "the namespace of the applications", "default")
    .option("--name <name>", "of the ServiceAccount: one of features.spark.serviceAccounts", "spark")
    .addHelpText("after", "\nExamples:\n  plimsoll spark role -n team-a | kubectl apply -f -\n  plimsoll spark role -n team-a -o json")
    .action(({ namespace, name, output = "yaml" }: { namespace: string; name: string; output?: ObjectFormat }) => {
      const objects = driverRole(namespace, name);
      if (output === "name") console.log(objects.map(({ kind }) => `${kind.toLowerCase()}/${name}`).join("\n"));
      else console.log(output === "json" ? formatObject(listOf(objects), "json") : formatDocuments(objects));
    });
}
