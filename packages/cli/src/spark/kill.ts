import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { Failure } from "../failure.ts";
import { applicationName, getApplication, ofApplication, stateOf, withSpark } from "./of-application.ts";

/** `plimsoll spark kill`: an application's pods go. */
export function killCommand(): Command {
  return ofState("kill", true)
    .alias("cancel")
    .description("end applications: their pods go, and they stay as SUSPENDED, to be resumed or deleted");
}

/** `plimsoll spark resume`: runs it again, from its start. */
export function resumeCommand(): Command {
  return ofState("resume", false).description("run killed or suspended applications again, from their start");
}

function ofState(verb: string, suspend: boolean): Command {
  return withCluster(new Command(verb))
    .argument("<application...>", "the SparkApplications' names", (text: string, before: readonly string[] = []) => [
      ...before,
      applicationName(text),
    ])
    .addHelpText("after", `\nExamples:\n  plimsoll spark ${verb} pi\n  plimsoll spark ${verb} $(plimsoll spark list -o name)`)
    .action((names: string[], options: ClusterOptions) =>
      withSpark(options, async (client, namespace) => {
        for (const name of names) {
          const before = await getApplication(client, namespace, name);
          if (suspend && ["COMPLETED", "FAILED"].includes(stateOf(before))) {
            console.log(`SparkApplication "${name}" has ended already (${stateOf(before)})`);
            continue;
          }
          const patch = client("sparkapplications.sparkoperator.k8s.io").patch({ namespace, name }, { spec: { suspend } });
          const { spec } = await ofApplication(name, namespace, patch);
          if (suspend && Reflect.get(Object(spec), "suspend") !== true)
            throw new Failure(
              `the cluster's SparkApplications have no spec.suspend, as with the Spark operator before 2.3: kubectl delete sparkapplication ${name} -n ${namespace} ends it`,
            );
          console.log(`SparkApplication "${name}" ${suspend ? "is being ended" : "is run again"}`);
        }
      }),
    );
}
