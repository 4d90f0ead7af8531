import type { PolicyRule } from "@plimsoll/permissions";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";

/** What a Kubernetes object of Pulumi's is made from. */
export interface Inputs {
  apiVersion?: string;
  kind?: string;
  metadata?: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  rules?: PolicyRule[];
}

/** A resource as Pulumi's engine was asked for it. */
export interface Registration {
  type: string;
  name: string;
  /** The parent's URN; empty for the stack. */
  parent: string;
  /** Empty for the stack and for components. */
  inputs: Inputs;
  /** What else the resource was known as; no `parent`: at the top of the stack. */
  aliases: { name: string; type: string; parent: string | undefined }[];
  /** URNs of the resources that must be there before it. */
  after: string[];
  /** Of the stack and of components. */
  outputs: Record<string, unknown> | undefined;
}

/** What a Pulumi program asks its engine for. It runs in the stack `dev` of the project `test`, and every resource becomes what its inputs say. */
export async function registrations(program: () => unknown): Promise<Registration[]> {
  await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ name, inputs }) => ({ id: name, state: inputs }) }, "test", "dev");
  const engine = pulumi.runtime.getMonitor();
  if (engine === undefined) throw new Error("Pulumi has no engine, not even a mocked one");
  const registered = vi.spyOn(engine, "registerResource");
  const completed = vi.spyOn(engine, "registerResourceOutputs");
  await pulumi.runtime.runInPulumiStack(async () => program());
  await pulumi.runtime.disconnect();

  const outputs = new Map(completed.mock.calls.map(([request]) => [request.getUrn(), request.getOutputs()?.toJavaScript()]));
  return registered.mock.calls.map(([request]) => {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    return {
      type,
      name,
      parent,
      inputs: (request.getObject()?.toJavaScript() ?? {}) as Inputs,
      aliases: request.getAliasesList().flatMap((alias) => {
        const spec = alias.getSpec();
        return spec === undefined
          ? []
          : [{ name: spec.getName() || name, type: spec.getType() || type, parent: spec.getNoparent() ? undefined : spec.getParenturn() }];
      }),
      after: request.getDependenciesList(),
      outputs: outputs.get(urnOf(type, name, parent)),
    };
  });
}

/** As Pulumi's mocked engine makes it. */
function urnOf(type: string, name: string, parent: string): string {
  const parentType = parent.split("::")[2]?.split("$").at(-1);
  return `urn:pulumi:dev::test::${parentType === undefined ? "" : `${parentType}$`}${type}::${name}`;
}
