import { manifestOf, oldestNode, type Manifest } from "./release.ts";
import type { Publishable } from "./packages.ts";

/** Where a source file ends up, with its types. */
export interface Built {
  types: string;
  default: string;
}

/** `./src/index.ts` → `./src/index.js` and `./src/index.d.ts`. */
export function builtOf(source: string): Built {
  const [, path = "", kind = ""] = /^(.*)\.(m?)[jt]s$/.exec(source) ?? [];
  return { types: `${path}.d.${kind}ts`, default: `${path}.${kind}js` };
}

/** The exports of a package that are published: path → source file. */
export function exportsOf({ exports = {} }: Manifest, { withheld = [] }: Publishable): [path: string, source: string][] {
  return Object.entries(exports).filter(([path]) => !withheld.includes(path));
}

/** The package.json that a package is published with; `own` says what depends on how it is built. */
export function publishedManifest({ name, description, sideEffects }: Manifest, version: string, folder: string, own: object): object {
  const { license, homepage, repository } = manifestOf(".");
  return {
    name,
    version,
    description,
    license,
    homepage,
    repository: { ...repository, directory: folder },
    type: "module",
    sideEffects,
    engines: { node: `>=${oldestNode}` },
    publishConfig: { access: "public" },
    ...own,
  };
}

/** Dependencies as they are published: on packages of ours in exactly this version. */
export function pinned(dependencies: Readonly<Record<string, string>> = {}, version: string): Record<string, string> {
  return Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, name.startsWith("@plimsoll/") ? version : range]));
}
