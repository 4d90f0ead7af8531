import { Command } from "commander";
import { withCluster, type ClusterOptions } from "../connect/cluster-options.ts";
import { connected } from "../connect/connect.ts";
import { scheduleName, withSchedule } from "./of-schedule.ts";

/** `plimsoll schedules suspend`: no more runs for now. */
export function suspendCommand(): Command {
  return ofState("suspend", true).description("start no more runs of schedules; those that go on go on, and times that pass are missed");
}

/** `plimsoll schedules resume`: runs again. */
export function resumeCommand(): Command {
  return ofState("resume", false).description("start runs of suspended schedules again; for missed times, as missedRuns says");
}

function ofState(verb: string, suspend: boolean): Command {
  return withCluster(new Command(verb))
    .argument("<schedule...>", "the schedules' names", (text: string, before: readonly string[] = []) => [...before, scheduleName(text)])
    .addHelpText("after", `\nExamples:\n  plimsoll schedules ${verb} nightly\n  plimsoll schedules ${verb} $(plimsoll schedules -o name)`)
    .action((names: string[], options: ClusterOptions) =>
      connected(options, async (client, namespace) => {
        for (const name of names) {
          const ref = { namespace, name };
          await withSchedule(name, namespace, client("pipelineschedules.plimsoll.dev").patch(ref, { spec: { suspend } }));
          console.log(`schedule "${name}" ${suspend ? "is suspended" : "runs again"}`);
        }
      }),
    );
}
