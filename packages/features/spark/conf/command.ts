import type { SparkApplicationSpec } from "@plimsoll/api";
import { files, mounted } from "./paths.ts";

/** What the image's entrypoint is given in a driver: it runs spark-submit in client mode with it. */
export function driverArguments({ mainClass, mainApplicationFile, arguments: given = [] }: SparkApplicationSpec): string[] {
  return [
    "driver",
    "--properties-file",
    mounted(files.properties),
    ...(mainClass === undefined ? [] : ["--class", mainClass]),
    // What spark-submit takes for an application that is all in its class path.
    mainApplicationFile ?? "spark-internal",
    ...given.map(literal),
  ];
}

/** Kubernetes replaces $(NAME) in arguments; an application is given what it says. */
function literal(text: string): string {
  return text.replaceAll("$(", () => "$$(");
}
