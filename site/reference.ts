import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Application, Converter, LogLevel, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { repositoryUrl, root } from "./repository.ts";

/** The packages that others build on. `plimsoll` itself is described by its commands, and `cluster` is for this repository. */
const packages = ["permissions", "kube", "api", "model", "features", "controller", "pulumi"];

/** Writes a page for each way into each package, made from its docstrings, into a folder. Throws an Error when an export has no docstring, or one links to nothing. */
export async function writeReference(folder: string): Promise<void> {
  const entries = new Map(packages.flatMap(entriesOf));
  const options: Partial<TypeDocOptions & PluginOptions> = {
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: [...entries.keys()],
    tsconfig: join(root, "tsconfig.json"),
    basePath: root,
    readme: "none",
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableGit: true,
    gitRevision: "main",
    // tsc has the last word on types.
    skipErrorChecking: true,
    outputs: [{ name: "markdown", path: folder }],
    name: "Packages",
    entryFileName: "index.md",
    outputFileStrategy: "modules",
    flattenOutputFiles: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useHTMLEncodedBrackets: true,
    sourceLinkTemplate: `${repositoryUrl()}/blob/main/packages/{path}#L{line}`,
    logLevel: LogLevel.Warn,
    validation: { notExported: false, invalidLink: true, notDocumented: true },
    requiredToBeDocumented: ["Class", "Interface", "TypeAlias", "Variable"],
    packagesRequiringDocumentation: packages.map((name) => `@plimsoll/${name}`),
    // Typedoc doesn't see the comment above a destructuring, and JSON has none.
    intentionallyNotDocumented: [
      "@plimsoll/features/kinds.declare",
      "@plimsoll/features/kinds.allow",
      "@plimsoll/features/pipelines.proof",
    ],
  };
  const app = await Application.bootstrapWithPlugins(options);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const file = module.sources?.[0]?.fullFileName;
      module.name = (file === undefined ? undefined : entries.get(file)) ?? module.name;
    }
  });
  const project = await app.convert();
  if (project !== undefined) app.validate(project);
  if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error("the packages' reference can't be made: see above");
  await app.generateOutputs(project);
}

/** The files that a package exports, and by what name each is imported. */
function entriesOf(name: string): [file: string, specifier: string][] {
  const folder = join(root, "packages", name);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { exports: Record<string, string> };
  return Object.entries(exports)
    .filter(([, file]) => file.endsWith(".ts"))
    .map(([path, file]) => [join(folder, file), join("@plimsoll", name, path)]);
}
