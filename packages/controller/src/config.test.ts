import { expect, test } from "vitest";
import { parseConfig } from "./config.ts";

test("without arguments the controller works in every namespace, as its Pod's ServiceAccount", () => {
  expect(parseConfig([])).toEqual({
    kubeconfig: undefined,
    namespaces: undefined,
    features: undefined,
    podRate: { qps: 100, burst: 200 },
    host: "0.0.0.0",
    port: 8080,
    logLevel: "info",
  });
});

test("namespaces stand between commas, each once, and an IPv6 host has its colons", () => {
  expect(parseConfig(["--namespaces", "a, b,a", "--listen", "[::1]:0"])).toMatchObject({ namespaces: ["a", "b"], host: "[::1]", port: 0 });
});

test.each([
  [["--listen", "8080"], /--listen 8080: give HOST:PORT/],
  [["--listen", "x:99999"], /--listen x:99999/],
  [["--namespaces", ""], /--namespaces : "" is not the name of a namespace/],
  [["--namespaces", "a,B_C"], /--namespaces a,B_C: "B_C" is not the name of a namespace: .*as in a,b/],
  [["--log-level", "loud"], /--log-level loud: choose one of trace/],
  [["--nonsense"], /--nonsense/],
])("%j is refused with the argument's name", (args, message) => {
  expect(() => parseConfig(args)).toThrow(message);
});
