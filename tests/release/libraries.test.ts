import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { packages } from "../../scripts/release/packages.ts";
import { root, type Manifest } from "../../scripts/release/release.ts";
import { install, run, temporary } from "./support.ts";

const { folder, end } = temporary();
afterAll(end);
const libraries = Object.keys(packages).filter((name) => name !== "cli");
beforeAll(async () => {
  await install(inject("release"), libraries, folder);
  // Their peers are large: this checkout's are the same.
  symlinkSync(join(root, "node_modules/@pulumi"), join(folder, "node_modules/@pulumi"));
});

const manifestOf = (name: string): Manifest & { engines: { node: string }; exports: Record<string, unknown> } =>
  JSON.parse(readFileSync(join(folder, "node_modules/@plimsoll", name, "package.json"), "utf8"));

/** A program that uses the packages: checked by the compiler, then run under the oldest Node. */
async function used(name: string, program: string, options: object = {}): Promise<string> {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, "program.ts"), program);
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    strict: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    outDir: "built",
    rootDir: ".",
    ...options,
  };
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  await run(join(root, "node_modules/.bin/tsc"), ["-p", place]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  return run(inject("oldNode"), [join(place, "built/program.js")]);
}

test("what @plimsoll/permissions says is known to the compiler, whose every type is checked", async () => {
  const program = `
    import { grants, requestOf, type PolicyRule } from "@plimsoll/permissions";
    const rules: PolicyRule[] = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
    const rule: PolicyRule | undefined = grants(rules, requestOf("GET", "/api/v1/namespaces/a/pods/web"));
    // @ts-expect-error: not a rule
    void ((): unknown => grants([{ verbs: 1 }], requestOf("GET", "/")));
    console.log(rule === rules[0]);`;
  expect(await used("permissions", program, { skipLibCheck: false })).toBe("true\n");
});

test("@plimsoll/pulumi makes its roles in a program of Pulumi's", async () => {
  const program = `
    import * as pulumi from "@pulumi/pulumi";
    import { AiPipelineClusterRole, PlimsollRoles, type AiPipelineClusterRoleArgs } from "@plimsoll/pulumi";
    const made: string[] = [];
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: ({ type, name, inputs }) => {
        made.push(type);
        return { id: name, state: inputs };
      },
    });
    const args: AiPipelineClusterRoleArgs = { for: ${JSON.stringify(join(root, "examples/digits/pipeline.yaml"))} };
    let found: pulumi.Output<string> | undefined;
    await pulumi.runtime.runInPulumiStack(async () => {
      found = new AiPipelineClusterRole("role", args).clusterRoleName;
      new PlimsollRoles("rights", { namespaces: ["a"] });
      // @ts-expect-error: there is no such argument
      void ((): unknown => new AiPipelineClusterRole("other", { four: "x" }));
      return {};
    });
    await pulumi.runtime.disconnect();
    found?.apply((name) => console.log(name, made.includes("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")));`;
  expect(await used("pulumi", program, { skipLibCheck: true })).toBe("ai-pipeline-cluster-role true\n");
});

test("every path that a package exports can be imported, with its types", async () => {
  const paths = libraries.flatMap((name) => Object.keys(manifestOf(name).exports).map((path) => `@plimsoll/${name}${path.slice(1)}`));
  const imports = paths.map((path, index) => `import * as m${index} from ${JSON.stringify(path)};`);
  const program = `${imports.join("\n")}\nconsole.log([${paths.map((_, index) => `m${index}`).join(", ")}].length);`;
  expect(await used("all", program, { skipLibCheck: true })).toBe(`${paths.length}\n`);
});

test("the controller's program starts", async () => {
  const said = await run(inject("oldNode"), [join(folder, "node_modules/.bin/plimsoll-controller"), "--help"], {
    env: { PLIMSOLL_CACHE: join(folder, "cache") },
  });
  expect(said).toMatch(/^Usage: plimsoll-controller /);
});

test.each(libraries)("@plimsoll/%s says what npm shows of it, and takes its own kind in exactly its version", (name) => {
  const manifest = manifestOf(name);
  expect(manifest).toMatchObject({ license: "Apache-2.0", engines: { node: ">=22.19.0" }, repository: { directory: `packages/${name}` } });
  expect(manifest.description).toBeTruthy();
  const own = Object.entries(manifest.dependencies ?? {}).filter(([one]) => one.startsWith("@plimsoll/"));
  expect(own.map(([, version]) => version)).toEqual(own.map(() => manifest.version));
  const files = globSync("*", { cwd: join(folder, "node_modules/@plimsoll", name) });
  expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
});

test("no source is left in a package, nor a path to one", () => {
  const at = join(folder, "node_modules/@plimsoll");
  expect(globSync("*/**/*.ts", { cwd: at }).filter((file) => !file.endsWith(".d.ts") && !file.includes("node_modules"))).toEqual([]);
  const programs = globSync("{permissions,api,kube,model,features,controller,cluster}/**/*.{js,mjs,d.ts}", { cwd: at });
  const left = programs.filter((file) =>
    /(?:from|import|URL|resolve|join)\b[^\n]*"[^"\n]*(?<!\.d)\.ts"/.test(readFileSync(join(at, file), "utf8")),
  );
  expect(left).toEqual([]);
});
