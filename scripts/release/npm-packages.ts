import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { bundle, type Bundle } from "./bundle.ts";
import { compile } from "./compile.ts";
import { controllersAlone, packages, type Publishable } from "./packages.ts";
import { builtOf, exportsOf, pinned, publishedManifest, type Built } from "./published.ts";
import { manifestOf, oldestNode, root, type Manifest, type Release } from "./release.ts";

/** Builds each package in `npm/NAME`, and packs it as npm publishes it. */
export async function npmPackages(release: Release): Promise<void> {
  const compiled = mkdtempSync(join(release.folder, "compiled-"));
  const entries = Object.entries(packages);
  compile(entries.flatMap(sourcesOf), compiled);
  for (const [name, publishable] of entries) {
    const folder = join(release.folder, "npm", name);
    mkdirSync(folder, { recursive: true });
    const manifest = manifestOf(`packages/${name}`);
    const own = await build(name, publishable, manifest, { release, compiled, folder });
    const published = publishedManifest(manifest, release.version, `packages/${name}`, own);
    writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
    copyFileSync(join(root, "packages", name, "README.md"), join(folder, "README.md"));
    copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  }
  rmSync(compiled, { recursive: true });
  const staged = entries.map(([name]) => `./${name}`);
  execFileSync("npm", ["pack", ...staged, "--silent", "--ignore-scripts", "--pack-destination", release.folder], {
    cwd: join(release.folder, "npm"),
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** What of a package is compiled, if it is published as modules; of a bundle, its types. */
function sourcesOf([name, publishable]: [string, Publishable]): string[] {
  const manifest = manifestOf(`packages/${name}`);
  const { bin = {} } = manifest;
  if (publishable.as === "bundle" && manifest.bin !== undefined) return [];
  const sources = [...exportsOf(manifest, publishable).map(([, source]) => source), ...(publishable.programs ?? []), ...Object.values(bin)];
  return sources.map((source) => join("packages", name, source));
}

interface Place {
  release: Release;
  compiled: string;
  folder: string;
}

async function build(name: string, publishable: Publishable, manifest: Manifest, place: Place): Promise<object> {
  if (publishable.as === "modules") return modules(name, publishable, manifest, place);
  return manifest.bin === undefined ? library(name, publishable, manifest, place) : program(name, manifest, place);
}

function modules(name: string, publishable: Publishable, manifest: Manifest, { release, compiled, folder }: Place): object {
  const extra = publishable.files ?? [];
  cpSync(join(compiled, name), folder, { recursive: true });
  for (const file of extra) cpSync(join(root, "packages", name, file), join(folder, file), { recursive: true });
  release.contents.set(manifest.name, []);
  return {
    ...(manifest.bin && { bin: manifest.bin }),
    exports: Object.fromEntries(exportsOf(manifest, publishable).map(([path, source]) => [path, builtOf(source)])),
    files: readdirSync(folder).toSorted(),
    dependencies: pinned(manifest.dependencies, release.version),
    peerDependencies: manifest.peerDependencies,
    peerDependenciesMeta: manifest.peerDependenciesMeta,
  };
}

async function library(name: string, publishable: Publishable, manifest: Manifest, { release, compiled, folder }: Place): Promise<object> {
  const exported = exportsOf(manifest, publishable);
  const built = await bundled(manifest, release, {
    entries: Object.fromEntries(exported.map(([, source]) => [nameOf(source), join("packages", name, source)])),
    outdir: folder,
    // What is left out stands in files that are imported only when needed.
    splitting: true,
    external: [...Object.keys(manifest.peerDependencies ?? {}), ...controllersAlone],
  });
  const types = exported.map(([, source]) => builtOf(source).types);
  for (const file of reachable(types, join(compiled, name))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(compiled, name, file), join(folder, file));
  }
  return {
    exports: Object.fromEntries(
      exported.map(([path, source]): [string, Built] => [path, { types: builtOf(source).types, default: `./${nameOf(source)}.mjs` }]),
    ),
    files: [...built.files, "src"],
    peerDependencies: manifest.peerDependencies,
  };
}

/** Bundled, so that whoever installs it installs nothing else; in parts, so that a command loads only what it needs. */
async function program(name: string, manifest: Manifest, { release, folder }: Place): Promise<object> {
  const { bin = {} } = manifest;
  const optional = ["@plimsoll/cluster"];
  const files = [...new Set(Object.values(bin))];
  const built = await bundled(manifest, release, {
    entries: Object.fromEntries(files.map((file) => [nameOf(file), join("packages", name, file)])),
    outdir: folder,
    minify: true,
    splitting: true,
    external: [...optional, ...controllersAlone],
  });
  return {
    bin: Object.fromEntries(Object.entries(bin).map(([command, file]) => [command, `./${nameOf(file)}.mjs`])),
    files: built.files,
    peerDependencies: Object.fromEntries(optional.map((one) => [one, release.version])),
    peerDependenciesMeta: Object.fromEntries(optional.map((one) => [one, { optional: true }])),
  };
}

async function bundled({ name }: Manifest, release: Release, options: Parameters<typeof bundle>[0]): Promise<Bundle> {
  const built = await bundle({ ...options, target: `node${oldestNode}`, sourcemap: false });
  release.contents.set(name, built.packages);
  return built;
}

/** `./bin/plimsoll.mjs` → `plimsoll`. */
function nameOf(file: string): string {
  return /([^/]+)\.m?[jt]s$/.exec(file)?.[1] ?? file;
}

/** The declarations that these import, with themselves. */
function reachable(files: readonly string[], folder: string, found = new Set<string>()): Set<string> {
  for (const file of files.map((file) => normalize(file))) {
    if (found.has(file) || !existsSync(join(folder, file))) continue;
    found.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    const imported = [...text.matchAll(/from "(\.[^"]+)\.js"/g)].map(([, path = ""]) => join(dirname(file), `${path}.d.ts`));
    reachable(imported, folder, found);
  }
  return found;
}
