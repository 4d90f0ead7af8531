import { LostLeaseError, messageOf } from "@plimsoll/kube";
import { chosenFeatures, loadConfig } from "./config/index.ts";
import { parseOptions, usage } from "./options.ts";
import { run } from "./program.ts";
import { FeatureError } from "./runtime/feature-error.ts";

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") process.stdout.write(usage);
  else {
    const config = await loadConfig(options.config);
    await run(options, config, chosenFeatures(config));
  }
} catch (error) {
  for (const line of messageOf(error).split("\n")) process.stderr.write(`plimsoll-controller: ${line}\n`);
  // What is wrong before the work begins (arguments, the configuration, the kubeconfig, the port) is the user's to mend.
  process.exitCode = error instanceof FeatureError || error instanceof LostLeaseError ? 1 : 2;
  // What is under way could write nothing more.
  if (error instanceof LostLeaseError) process.exit();
}
