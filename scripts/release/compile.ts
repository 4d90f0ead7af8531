import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./release.ts";

/**
 * Compiles source files, from the checkout's root, and all of ours that they import: `packages/NAME/src/FILE.ts` becomes
 * `NAME/src/FILE.js` and `NAME/src/FILE.d.ts` in the folder. Throws an Error with what the compiler says.
 */
export function compile(files: readonly string[], folder: string): void {
  const config = join(folder, "tsconfig.json");
  const compilerOptions = {
    noEmit: false,
    noEmitOnError: true,
    declaration: true,
    allowJs: true,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    // What Node 22 knows.
    target: "es2023",
    rootDir: join(root, "packages"),
    outDir: folder,
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions,
      include: [],
      files: closureOf(files).map((file) => join(root, file)),
    }),
  );
  try {
    // Several threads order the members of an inferred type as it happens.
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", config, "--singleThreaded"], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    throw new Error(`tsc: ${(error as { stdout?: string }).stdout || String(error)}`, { cause: error });
  } finally {
    rmSync(config);
  }
  for (const file of globSync("**/*.{js,mjs,ts,mts}", { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, rewritten(text, file.endsWith("ts")));
    // The compiler (7.0.2) leaves out some of the JSON files that are imported.
    for (const [, json = ""] of text.matchAll(/from "(\.[^"]+\.json)"/g))
      copyFileSync(join(root, "packages", dirname(file), json), join(folder, dirname(file), json));
  }
}

/**
 * The files, and all that they import by a relative path. The compiler (7.0.2) takes what it first meets by a package's name for
 * somebody else's, and writes nothing for it, unless it is named.
 */
function closureOf(files: readonly string[], found = new Set<string>()): string[] {
  for (const file of files) {
    if (found.has(file) || !/\.m?[jt]s$/.test(file)) continue;
    found.add(file);
    const text = readFileSync(join(root, file), "utf8");
    const imported = [...text.matchAll(/(?:from |import\(|import |new URL\(|import\.meta\.resolve\()"(\.[^"]+)"/g)];
    closureOf(
      imported.map(([, path = ""]) => join(dirname(file), path)),
      found,
    );
  }
  return [...found];
}

/** The compiler leaves the endings of sources in declarations, and in the paths of programs. */
function rewritten(text: string, isDeclaration: boolean): string {
  if (isDeclaration) return text.replaceAll(/(["'])(\.{1,2}\/[^"']*?)(?<!\.d)\.ts\1/g, "$1$2.js$1");
  return text.replaceAll(/((?:new URL|import\.meta\.resolve)\(|join\(import\.meta\.dirname, )"([^"]+)\.ts"/g, '$1"$2.js"');
}
