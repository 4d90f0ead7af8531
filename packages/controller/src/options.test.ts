import { expect, test } from "vitest";
import { parseOptions } from "./options.ts";

test("without arguments the controller has the default configuration, and is its Pod's ServiceAccount", () => {
  expect(parseOptions([])).toEqual({ config: undefined, kubeconfig: undefined, host: "0.0.0.0", port: 8080 });
});

test("files are taken as they are named, and an IPv6 host has its colons", () => {
  expect(parseOptions(["--config", "a.yaml", "--kubeconfig", "b", "--listen", "[::1]:0"])).toEqual({
    config: "a.yaml",
    kubeconfig: "b",
    host: "[::1]",
    port: 0,
  });
});

test.each([
  [["--listen", "8080"], /--listen 8080: give HOST:PORT/],
  [["--listen", "x:99999"], /--listen x:99999/],
  [["--namespaces", "a"], /--namespaces/],
])("%j is refused with the argument's name", (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
