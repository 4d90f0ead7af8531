export { chosenFeatures, enabledFeatures } from "./features.ts";
export { ConfigError, loadConfig, readAs, readConfig, textOf } from "./read.ts";
export { configFiles, configJsonSchema } from "./reference.ts";
export { reloadConfig } from "./reload.ts";
export { durationsOf, type Config } from "./schema.ts";
