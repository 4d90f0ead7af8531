import { expect, test } from "vitest";
import { clusterSchema } from "../auth/kubeconfig.ts";
import { KubeconfigError } from "../auth/kubeconfig-error.ts";
import { proxyOf } from "./proxy-of.ts";

const server = "https://api.example:6443";
const chosen = (env: NodeJS.ProcessEnv, cluster: object = {}) => proxyOf({ ...clusterSchema.parse(cluster), server, ...cluster }, env);

test.each([
  ["http://proxy.example", { scheme: "http", hostname: "proxy.example", port: 80, login: undefined }],
  ["https://proxy.example", { scheme: "https", port: 443 }],
  ["socks5://proxy.example", { scheme: "socks5", port: 1080 }],
  ["http://[fd00::1]:3128/path", { hostname: "fd00::1", port: 3128, address: "http://[fd00::1]:3128" }],
  ["http://ship:p%40ss@proxy.example:3128", { login: { user: "ship", password: "p@ss" }, address: "http://proxy.example:3128" }],
  ["http://ship@proxy.example", { login: { user: "ship", password: "" } }],
])("a kubeconfig's proxy-url %s is read", (url, proxy) => {
  expect(chosen({}, { "proxy-url": url })).toMatchObject(proxy);
});

test.each([
  ["ftp://ship:secret@proxy", 'proxy-url in the kubeconfig has the scheme "ftp", which is not supported: use http, https or socks5'],
  ["ship:secret@proxy:3128", "proxy-url in the kubeconfig is no proxy's URL: give one like http://host:3128"],
  ["http://ship:secret@", "proxy-url in the kubeconfig is no proxy's URL: give one like http://host:3128"],
  ["http://ship:secret%@proxy", 'proxy-url in the kubeconfig has a "%" in its user or password that begins no escape: write it as %25'],
])("the proxy-url %s is refused in words that don't have its password", (url, message) => {
  expect(() => chosen({}, { "proxy-url": url })).toThrow(new KubeconfigError(message));
});

test("the environment's proxy is that of the server's scheme, in lower case or else in upper case", () => {
  const env = { HTTPS_PROXY: "http://upper", HTTP_PROXY: "http://plain" };
  expect(chosen(env)?.address).toBe("http://upper");
  expect(chosen({ ...env, https_proxy: "http://lower" })?.address).toBe("http://lower");
  expect(chosen({ ...env, https_proxy: "" })?.address).toBe("http://upper");
  expect(chosen(env, { server: "http://api.example" })?.address).toBe("http://plain");
  expect(chosen({ HTTP_PROXY: "http://plain" })).toBeUndefined();
});

test("the environment's proxy may leave out the scheme", () => {
  expect(chosen({ HTTPS_PROXY: "ship:secret@proxy:3128" })).toMatchObject({
    scheme: "http",
    address: "http://proxy:3128",
    login: { user: "ship", password: "secret" },
  });
});

test("an unusable proxy of the environment is named by its variable, where it would be used", () => {
  expect(() => chosen({ https_proxy: "ftp://x:secret@y" })).toThrow('https_proxy has the scheme "ftp", which is not supported');
  expect(chosen({ HTTPS_PROXY: "ftp://x", no_proxy: "*" })).toBeUndefined();
});

test("proxy-url goes before the environment, NO_PROXY included", () => {
  const env = { HTTPS_PROXY: "http://env", NO_PROXY: "*" };
  expect(chosen(env, { "proxy-url": "http://own" })?.address).toBe("http://own");
  expect(chosen(env, { "proxy-url": "http://own", server: "https://localhost:6443" })?.address).toBe("http://own");
});

test("NO_PROXY is read in both cases, the lower before the upper", () => {
  const HTTPS_PROXY = "http://proxy";
  expect(chosen({ HTTPS_PROXY, NO_PROXY: "api.example" })).toBeUndefined();
  expect(chosen({ HTTPS_PROXY, no_proxy: "other.example", NO_PROXY: "api.example" })).toBeDefined();
});
