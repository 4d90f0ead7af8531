import { expect, test } from "vitest";
import { controlPlane } from "./control-plane.ts";
import { pathsOf, portsOf, type State } from "../state.ts";

function ratesOf(rates: State["rates"]): Record<string, string[]> {
  const binaries = { "kube-controller-manager": "/kcm", "kube-scheduler": "/ks", kwok: "/kwok" };
  const state = { name: "x", simulatedNodes: 0, audit: false, rates, ports: portsOf([1, 2, 3, 4, 5, 6, 7]), binaries };
  const components = controlPlane({ state, paths: pathsOf("x") });
  return Object.fromEntries(components.map(({ name, args }) => [name, args.filter((arg) => /qps|burst/.test(arg))]));
}

test("the controller manager and the scheduler run with raised rates, or with none of ours", () => {
  const [raised, none] = [["--kube-api-qps=200", "--kube-api-burst=400"], []];
  expect(ratesOf("raised")).toMatchObject({ "kube-controller-manager": raised, "kube-scheduler": raised });
  expect(ratesOf("default")).toMatchObject({ "kube-controller-manager": none, "kube-scheduler": none });
});
