import { checkNamespace, defaultNamespace } from "@plimsoll/controller/roles";
import { ConfigError } from "@plimsoll/controller/config";
import { givenValues, helmOnly, completeValues, valuesName, type Values } from "@plimsoll/controller/installation";
import { messageOf } from "@plimsoll/kube";
import { InvalidArgumentError, Option, type Command } from "commander";
import type { ClusterOptions } from "../connect/cluster-options.ts";
import { durationOption } from "../output/duration.ts";
import { UsageError } from "../failure.ts";
import { readSource } from "../source-text.ts";

/** Which installation a command is for. */
export interface InstallationOptions extends ClusterOptions {
  namespace: string;
}

/** Adds the options that choose a cluster, and the namespace in it that Plimsoll lives in. */
export function withInstallation(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "the kubeconfig (default: as kubectl: $KUBECONFIG, then ~/.kube/config)")
    .option("--context <name>", "the kubeconfig's context")
    .option("-n, --namespace <name>", "the namespace that the controller lives in", namespaceName, defaultNamespace);
}

/** It gets into selectors and paths, too. */
function namespaceName(text: string): string {
  try {
    checkNamespace(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

/** What `install` and `upgrade` are told. */
export interface ChangeOptions extends InstallationOptions {
  values: string[];
  set: string[];
  yes?: boolean;
  dryRun?: "client" | "server";
  exitCode?: boolean;
  output?: "json" | "yaml";
  forceConflicts?: boolean;
  timeout: number;
  wait: boolean;
}

/** Adds the options that `install` and `upgrade` share. */
export function withChange(command: Command): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return withYes(withInstallation(command))
    .addOption(
      new Option("-f, --values <file>", "values in YAML or JSON; - for standard input; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(new Option("--set <key=value>", "one value, as in image.tag=1.2; may be repeated").argParser(collect).default([], "none"))
    .addOption(
      new Option("--dry-run [where]", "only say what would be done; client: without a cluster, print the objects (-o)")
        .choices(["server", "client"])
        .preset("server"),
    )
    .option("--exit-code", "with --dry-run: code 1 where something would be done")
    .addOption(new Option("-o, --output <format>", "with --dry-run: print the plan or the objects so").choices(["yaml", "json"]))
    .option("--force-conflicts", "set fields that others have set, too")
    .addOption(timeoutOption())
    .option("--no-wait", "don't wait until the controller runs");
}

export function withYes(command: Command): Command {
  return command.option("-y, --yes", "don't ask");
}

export function timeoutOption(): Option {
  return new Option("--timeout <duration>", "how long to wait for the controller, as in 90s or 5m")
    .argParser(durationOption)
    .default(300_000, "5m");
}

/** The values that the options give, over those in use where these are kept, and the same with the defaults. Throws a UsageError. */
export async function readGivenValues(
  { values, set, namespace }: Pick<ChangeOptions, "values" | "set" | "namespace">,
  kept: object = {},
): Promise<{ given: object; values: Values }> {
  const files: { name: string; text: string }[] = [];
  for (const name of values) files.push({ name: name === "-" ? "standard input" : name, text: await readSource(name) });
  const given = checked(() => givenValues(kept, { files, sets: set }));
  const complete = checked(() =>
    completeValues(given, `the values of the ConfigMap ${namespace}/${valuesName}; --reset-values forgets them`),
  );
  const refusal = helmOnly(complete);
  if (refusal !== undefined) throw new UsageError(refusal);
  return { given, values: complete };
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.message.replaceAll("\n", "\n       "));
    throw error;
  }
}
