import { defaultNamespace, namesIn } from "@plimsoll/controller";
import { ConfigError, enabledFeatures, readConfig } from "@plimsoll/controller/config";
import { commentedRoles, commentedYaml, type CommentedObject, type RolesOptions } from "@plimsoll/controller/roles";
import { messageOf } from "@plimsoll/kube/message";
import { Command, Option } from "commander";
import { UsageError } from "../../failure.ts";
import { readSource } from "../../source-text.ts";
import { formatObject, listOf } from "../../output/output.ts";
import { pulumiProgram } from "./pulumi-program.ts";
import { summaries } from "../summaries.ts";

type Options = RolesOptions & { format: "yaml" | "json" | "pulumi"; config?: string };

/** `plimsoll permissions render`: the roles that the features' declarations come to. */
export function renderCommand(): Command {
  return new Command("render")
    .description(summaries.render.description)
    .option("--features <names>", "these features alone, as in pipelines,draining", namesIn)
    .option("--namespaces <names>", "Roles in these namespaces, where otherwise a ClusterRole would do", namesIn)
    .addOption(
      new Option(
        "--config <file>",
        "the features, namespaces and Lease of the controller's configuration file; - for standard input",
      ).conflicts(["features", "namespaces"]),
    )
    .addOption(
      new Option("--isolation <kind>", "one ServiceAccount for all features, or one for each")
        .choices(["shared", "feature"])
        .default("shared"),
    )
    .option("-n, --namespace <name>", "where the controller lives", defaultNamespace)
    .addOption(
      new Option("-o, --format <format>", "how to print; pulumi is a program in TypeScript")
        .choices(["yaml", "json", "pulumi"])
        .default("yaml"),
    )
    .addHelpText(
      "after",
      `
Examples:
  plimsoll permissions render
  plimsoll permissions render --namespaces team-a,team-b | kubectl apply -f -
  plimsoll permissions render --config plimsoll.yaml | kubectl apply -f -
  plimsoll permissions render --isolation feature -o json
  plimsoll permissions render -o pulumi > roles.ts`,
    )
    .action(async ({ format, config, ...options }: Options) =>
      console.log(rendered(format, { ...options, ...(config !== undefined && chosenIn(await readSource(config), config)) })),
    );
}

/** What a configuration file chooses. Throws a UsageError that names its problems. */
export function chosenIn(text: string, file: string): Pick<RolesOptions, "features" | "namespaces" | "lease" | "config"> {
  try {
    const config = readConfig(text, file);
    const { namespaces, leaderElection, features } = config;
    return { features: enabledFeatures(config), namespaces, lease: leaderElection.lease, config: features };
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message.replaceAll("\n", "\n       "));
    throw error;
  }
}

/** The objects as a text that can be applied, or a program that makes them. Throws a UsageError for an unknown feature. */
export function rendered(format: Options["format"], options: RolesOptions): string {
  const objects = commented(options);
  if (format === "yaml")
    return objects
      .map(({ object, comments }) => commentedYaml(object, comments))
      .join("---\n")
      .trimEnd();
  if (format === "pulumi") return pulumiProgram(objects).trimEnd();
  return formatObject(listOf(objects.map(({ object }) => object)), "json");
}

function commented(options: RolesOptions): CommentedObject[] {
  try {
    return commentedRoles(options);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
