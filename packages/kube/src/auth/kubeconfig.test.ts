import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { connectionOf, defaultKubeconfig, parseKubeconfig, readKubeconfig } from "./kubeconfig.ts";

const text = (context: string, server: string) => `
current-context: ${context}
contexts:
- {name: ${context}, context: {cluster: shared, user: ${context}, namespace: ns-${context}}}
clusters:
- {name: shared, cluster: {server: "${server}", certificate-authority: ca.crt}}
users:
- name: ${context}
  user:
    client-certificate: certs/me.crt
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}
`;

async function folderWith(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-kubeconfig-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

test("of the files in KUBECONFIG, the first that defines a name counts, and paths are relative to their own file", async () => {
  const folder = await folderWith({ one: text("one", "https://one:6443"), two: text("two", "https://two:6443") });
  const config = defaultKubeconfig({ KUBECONFIG: ["one", "missing", "two"].map((file) => join(folder, file)).join(delimiter) });
  if (!config) throw new Error("nothing was loaded");
  expect(connectionOf(config)).toMatchObject({
    namespace: "ns-one",
    cluster: { server: "https://one:6443", "certificate-authority": join(folder, "ca.crt") },
    user: { "client-certificate": join(folder, "certs/me.crt"), exec: { command: join(folder, "plugin") } },
  });
  expect(connectionOf(config, "two")).toMatchObject({ namespace: "ns-two", cluster: { server: "https://one:6443" } });
});

test.each([
  ["a context that is not there", "contexts: []\ncurrent-context: x", 'the kubeconfig has no context "x"; its contexts are: none'],
  [
    "no current context",
    text("a", "https://a").replace("current-context: a", ""),
    "the kubeconfig has no current-context; choose one of its contexts: a",
  ],
  [
    "a cluster that is not there",
    text("a", "https://a").replace("name: shared", "name: other"),
    'context "a" names the cluster "shared", which the kubeconfig does not define',
  ],
  [
    "a user that is not there",
    text("a", "https://a").replace("- name: a", "- name: b"),
    'context "a" names the user "a", which the kubeconfig does not define',
  ],
  [
    "a server that is no address",
    text("a", "nowhere"),
    'the cluster "shared" has the server "nowhere", which is no address like https://host:6443',
  ],
  ["what is not YAML", "{", "the file is not a usable kubeconfig: line 1: Flow map"],
])("%s is said plainly", (_what, text, message) => {
  expect(() => connectionOf(parseKubeconfig(text, "the file", "/"))).toThrow(message);
});

test("of a file that can't be read as YAML, no secret is shown", () => {
  const parsing = () => parseKubeconfig("users:\n- name: a\n  user: {token: s3cret}}\n", "the file", "/");
  expect(parsing).toThrow(/^the file is not a usable kubeconfig: line 3: [^\n]+$/);
  expect(parsing).not.toThrow(/s3cret/);
});

test("a file that is not there is said plainly", () => {
  expect(() => readKubeconfig("/nowhere")).toThrow("cannot read the kubeconfig /nowhere: ENOENT");
});

test("an empty file, and a cluster without an address that is not used, are no mistake", async () => {
  const folder = await folderWith({
    empty: "",
    one: `${text("one", "https://one:6443")}`.replace("clusters:", 'clusters:\n- {name: unused, cluster: {server: ""}}'),
  });
  const config = defaultKubeconfig({ KUBECONFIG: ["empty", "one"].map((file) => join(folder, file)).join(delimiter) });
  expect(config && connectionOf(config).cluster.server).toBe("https://one:6443");
  expect(() => connectionOf(parseKubeconfig("", "the file", "/"))).toThrow(
    "the kubeconfig has no current-context; choose one of its contexts: none",
  );
});
