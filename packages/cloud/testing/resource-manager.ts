import type { IncomingMessage } from "node:http";
import { selfSigned } from "./self-signed.ts";
import { serve, type Answer } from "./server.ts";

/**
 * What Azure Resource Manager answers of virtual machines and of those of scale sets, and the metadata server that gives tokens, as Azure
 * documents them: a server of ours, as there is no emulator of others' that can be installed from a package registry and serves machines at these paths.
 */
export interface ResourceManager {
  /** With TLS: the SDK sends no token without. */
  endpoint: string;
  port: number;
  /** The certificate to trust. */
  ca: string;
  /** Where tokens are: the value for AZURE_POD_IDENTITY_AUTHORITY_HOST. */
  identityHost: string;
  /** `NAME`, or `SET/NUMBER` → its computer name. */
  machines: Map<string, string>;
  /** What was asked for, in small letters. */
  asked: string[];
  /** What is answered instead, if it gives anything. Reset to undefined for the usual. */
  instead: ((path: string) => Answer | "nothing") | undefined;
  stop(): Promise<void>;
}

/** The token that it takes. */
export const token = "a-token";

/** `hosts`: names that its certificate is for beside loopback. */
export async function startResourceManager(subscription: string, resourceGroup: string, ...hosts: string[]): Promise<ResourceManager> {
  const machines = new Map<string, string>();
  const asked: string[] = [];
  const tls = selfSigned(...hosts);
  const api = await serve(answer, tls);
  const identity = await serve(tokens);
  const manager: ResourceManager = {
    endpoint: `https://127.0.0.1:${api.port}`,
    port: api.port,
    ca: tls.cert,
    identityHost: `http://127.0.0.1:${identity.port}`,
    machines,
    asked,
    instead: undefined,
    stop: async () => void (await Promise.all([api.stop(), identity.stop()])),
  };
  return manager;

  function answer({ url = "/", headers }: IncomingMessage): Answer {
    const path = new URL(url, "https://localhost").pathname.toLowerCase();
    asked.push(path);
    const other = manager.instead?.(path);
    if (other !== undefined) return other === "nothing" ? undefined : other;
    if (headers.authorization !== `Bearer ${token}`) return fault(401, "AuthenticationFailed", "Authentication failed.");
    const group = `/subscriptions/${subscription}/resourcegroups/${resourceGroup}`.toLowerCase();
    if (!path.startsWith(`${group}/`))
      return fault(404, "ResourceGroupNotFound", `Resource group '${path.split("/")[4]}' could not be found.`);
    const [, set, number] = /\/virtualmachinescalesets\/([^/]+)\/virtualmachines\/(\d+)$/.exec(path) ?? [];
    if (set !== undefined && number !== undefined) return ofScaleSet(set, number);
    const name = /\/virtualmachines\/([^/]+)$/.exec(path)?.[1] ?? "";
    return machines.has(name) ? machine(machines.get(name), { name }) : resourceNotFound(`Microsoft.Compute/virtualMachines/${name}`);
  }

  function ofScaleSet(set: string, number: string): Answer {
    if (machines.has(`${set}/${number}`))
      return machine(machines.get(`${set}/${number}`), { name: `${set}_${number}`, instanceId: number });
    if ([...machines.keys()].some((key) => key.startsWith(`${set}/`)))
      return fault(400, "InvalidParameter", `The provided instanceId ${number} is not an active Virtual Machine Scale Set VM instanceId.`);
    return resourceNotFound(`Microsoft.Compute/virtualMachineScaleSets/${set}`);
  }

  function resourceNotFound(resource: string): Answer {
    return fault(404, "ResourceNotFound", `The Resource '${resource}' under resource group '${resourceGroup}' was not found.`);
  }
}

function machine(computerName: string | undefined, names: { name: string; instanceId?: string }): Answer {
  return {
    status: 200,
    body: { ...names, location: "westeurope", properties: { provisioningState: "Succeeded", osProfile: { computerName } } },
  };
}

export function fault(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

function tokens(): Answer {
  const expires = Math.floor(Date.now() / 1000) + 3600;
  return {
    status: 200,
    body: {
      access_token: token,
      expires_in: "3600",
      expires_on: String(expires),
      resource: "https://management.azure.com/",
      token_type: "Bearer",
    },
  };
}
