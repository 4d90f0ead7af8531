import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { licensesOf, packagesOf } from "./licenses.ts";

const root = dirname(dirname(import.meta.dirname));

export interface BundleOptions {
  /** Name → source file, absolute or from the checkout's root: each becomes `NAME.mjs`. */
  entries: Readonly<Record<string, string>>;
  /** Where the files go; it need not exist, and what else is in it stays. */
  outdir: string;
  /** Without blanks and long names. Default: false. */
  minify?: boolean;
  /** What is imported only when needed becomes a file of its own, which the entries share. Default: false, one file an entry. */
  splitting?: boolean;
  /** Packages that are left to be imported when the program runs. Default: none. */
  external?: readonly string[];
  /** Expressions in the source → what stands in their place, as text of JavaScript. */
  define?: Readonly<Record<string, string>>;
  /** ES modules, or CommonJS (`NAME.cjs`), one file that has the programs of its threads in it. Default: `esm`. */
  format?: "esm" | "cjs";
  /** Source maps beside the files. Default: true. */
  sourcemap?: boolean;
  /** The oldest Node that it must run under. Default: `node24`. */
  target?: string;
  /** Lines at the head of each entry, such as `#!/usr/bin/env node`. */
  banner?: string;
}

export interface Bundle {
  /** The files that were written, from `outdir`, sorted: programs, their source maps, and THIRD-PARTY-LICENSES.txt. */
  files: string[];
  /** Bytes of each. */
  sizes: Record<string, number>;
  /** The folders of the npm packages that went in, sorted. */
  packages: string[];
}

/**
 * Bundles programs of ours for Node with everything that they import, as ES modules with source maps beside them (Node reads those
 * with --enable-source-maps). A program that another starts by `new URL("FILE.ts", import.meta.url)`, as a worker, or finds by `import.meta.resolve("FILE.ts")`, is bundled
 * as a file of its own beside it, and shares nothing with it, so that it loads only what it needs. The same source gives the same bytes.
 * Licences of the packages that went in are in THIRD-PARTY-LICENSES.txt. Throws esbuild's error, which names the file and the line.
 */
export async function bundle({ entries, outdir, ...options }: BundleOptions): Promise<Bundle> {
  const wanted = new Map(Object.entries(entries).map(([name, file]) => [name, resolve(root, file)]));
  const written = new Map<string, Uint8Array>();
  const inputs = new Set<string>();
  let asked = wanted;
  // What is bundled may ask for further programs.
  while (asked.size > 0) {
    const started = new Map<string, string>();
    const { outputFiles, metafile } = await pack(asked, outdir, options, started);
    for (const { path, contents, text } of outputFiles) {
      const isProgram = path.endsWith(".mjs");
      written.set(relative(outdir, path), isProgram ? Buffer.from(withoutRequire(text)) : contents);
    }
    if (options.minify) dropEmpty(written);
    for (const input of inputsOf(metafile)) inputs.add(input);
    // What is imported for something else may start programs that nothing here does.
    const texts = outputFiles.filter(({ path }) => path.endsWith(".mjs")).map(({ text }) => text);
    asked = new Map([...started].filter(([name]) => !wanted.has(name) && texts.some((text) => text.includes(`./${name}.mjs`))));
    for (const [name, file] of asked) wanted.set(name, file);
  }
  const packages = packagesOf(inputs, root);
  written.set("THIRD-PARTY-LICENSES.txt", Buffer.from(await licensesOf(packages)));
  await mkdir(outdir, { recursive: true });
  for (const [file, contents] of written) await writeFile(join(outdir, file), contents);
  const files = [...written.keys()].toSorted();
  return { files, sizes: Object.fromEntries(files.map((file) => [file, written.get(file)?.length ?? 0])), packages };
}

type Options = Omit<BundleOptions, "entries" | "outdir">;

function pack(entries: ReadonlyMap<string, string>, outdir: string, options: Options, started: Map<string, string>) {
  const {
    minify = false,
    splitting = false,
    external = [],
    define = {},
    format = "esm",
    sourcemap = true,
    target = "node24",
    banner,
  } = options;
  const isModule = format === "esm";
  const head = banner === undefined ? "" : `${banner}\n`;
  return build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries),
    outdir,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    // By default CommonJS comes first, of which nothing that isn't used can be left out.
    mainFields: ["module", "main"],
    // The same code as ES modules, which load and run faster in a bundle; the package keeps them for browsers.
    alias: { yaml: "./node_modules/yaml/browser/index.js" },
    target,
    format,
    outExtension: { ".js": isModule ? ".mjs" : ".cjs" },
    chunkNames: "[name]-[hash]",
    splitting,
    // Not the names: the class of an error is told by its own, and to keep them otherwise takes a call a function at each start.
    minifyWhitespace: minify,
    minifySyntax: minify,
    sourcemap: sourcemap && "linked",
    sourcesContent: false,
    legalComments: "inline",
    external: [...external],
    define: { ...define },
    banner: { js: isModule ? head + requiring : head },
    plugins: [
      builtins,
      isModule ? programsByUrl(started) : threadsByData({ minify, external: [...external], define: { ...define }, target }),
    ],
    logLevel: "silent",
  });
}

/** What packages of CommonJS require of Node's own modules, by. */
const requiring = 'import { createRequire as nodeRequire } from "node:module";const require = nodeRequire(import.meta.url);';

/** A module without the line's words for `require`, where it requires nothing: to make one takes as long as to load a small module. The line stays, for the source map. */
function withoutRequire(text: string): string {
  const without = text.replace(requiring, "");
  return /\brequire\b/.test(without) ? text : without;
}

/** Takes away the modules that nothing is in, as of a file that only hands on what others have: to load one takes as long as to load a small one. */
function dropEmpty(written: Map<string, Uint8Array>): void {
  const empty = [...written].filter(([file, { length }]) => file.endsWith(".mjs") && length <= 1).map(([file]) => file);
  for (const file of empty) written.delete(file);
  for (const [file, contents] of written) {
    if (!file.endsWith(".mjs")) continue;
    const text = Buffer.from(contents).toString();
    written.set(file, Buffer.from(empty.reduce((rest, one) => rest.replaceAll(`import"./${one}";`, ""), text)));
  }
}

/**
 * Node's own modules are loaded when something of theirs is first used: all that a program imports would take as long as Node's start.
 * `node:process` is the global one, as to import it opens the standard input, which others may have, too.
 */
const builtins: Plugin = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, importer, kind }) => {
      // A class or a function, as that of node:stream, is compared by its identity.
      if (kind !== "import-statement" || !isBuiltin(path) || typeof process.getBuiltinModule(path) === "function") return undefined;
      // One for each importer, or it would be a file of its own that they share.
      const name = path.replace("node:", "");
      return { path: `${importer}/${name}`, namespace: "builtin", pluginData: name };
    });
    onLoad({ filter: /./, namespace: "builtin" }, ({ pluginData: name }: { pluginData: string }) => ({
      contents: name === "process" ? "module.exports = process;" : lazy(name),
    }));
  },
};

/** A module of CommonJS that has nothing of its own, so that all is asked of Node's, when it is used. */
function lazy(builtin: string): string {
  return `let loaded;
    const load = () => (loaded ??= process.getBuiltinModule("node:${builtin}"));
    const get = (_, key) => (key === "__esModule" ? undefined : load()[key]);
    module.exports = Object.create(new Proxy({}, { get, has: (_, key) => key in load() }));`;
}

const programUrl = /(new URL\(|import\.meta\.resolve\()"([^"]+\.ts)"/g;

/** Finds the programs that sources of ours start by their URL, notes them in `started`, and points the URL at the bundle. */
function programsByUrl(started: Map<string, string>): Plugin {
  return {
    name: "programs by URL",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$|\/bin\/[^/]+\.mjs$/ }, async ({ path }) => {
        if (path.includes(`${sep}node_modules${sep}`)) return undefined;
        const contents = (await readFile(path, "utf8")).replaceAll(programUrl, (_, before: string, file: string) => {
          const program = resolve(dirname(path), file);
          const name = nameOf(program);
          started.set(name, program);
          return `${before}"./${name}.mjs"`;
        });
        return { contents, loader: path.endsWith(".mjs") ? "js" : "ts" };
      });
    },
  };
}

const threadUrl = /(new Worker\(new URL\()"([^"]+\.ts)", import\.meta\.url/g;

/** Finds the threads that sources of ours start by their URL, and puts their programs, bundled, into the URL. */
function threadsByData(options: BuildOptions): Plugin {
  return {
    name: "threads by data",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path.includes(`${sep}node_modules${sep}`)) return undefined;
        let contents = await readFile(path, "utf8");
        for (const [whole, before = "", file = ""] of contents.matchAll(threadUrl)) {
          const program = await build({
            ...options,
            entryPoints: [resolve(dirname(path), file)],
            bundle: true,
            write: false,
            platform: "node",
            format: "esm",
            logLevel: "silent",
          });
          const code = Buffer.from(program.outputFiles?.[0]?.contents ?? []).toString("base64");
          contents = contents.replace(whole, `${before}"data:text/javascript;base64,${code}"`);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}

/** `packages/kube/src/leader/worker.ts` → `kube-leader-worker`. */
function nameOf(program: string): string {
  const folders = relative(root, dirname(program)).split(sep);
  return [...folders.filter((folder) => folder !== "packages" && folder !== "src"), basename(program, ".ts")].join("-");
}

function inputsOf({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 && !file.startsWith("builtin:") ? [file] : [])),
  );
}
