import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { cloudCases } from "../../testing/cases.ts";
import { fault, startResourceManager } from "../../testing/resource-manager.ts";
import { openCloud } from "../open.ts";

const subscription = "00000000-0000-4000-8000-0000000000aa";
const resourceGroup = "mc_shop_westeurope";
const manager = await startResourceManager(subscription, resourceGroup);
setDefaultCACertificates([...getCACertificates("default"), manager.ca]);
afterAll(async () => manager.stop());
beforeEach(() => {
  vi.stubEnv("AZURE_POD_IDENTITY_AUTHORITY_HOST", manager.identityHost);
  vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");
  return () => vi.unstubAllEnvs();
});

const compute = (group = resourceGroup, of = subscription) =>
  `azure:///subscriptions/${of}/resourceGroups/${group}/providers/Microsoft.Compute`;
const set = "aks-pool-1-vmss";
manager.machines.set("vm-1", "vm-1");
manager.machines.set("vm-2", "other-name");
manager.machines.set(`${set}/46`, `${set}00001a`);
manager.machines.set(`${set}/47`, "somebody-else");

const open = async () => openCloud({ provider: "azure", subscription, resourceGroup, endpoint: manager.endpoint });

describe("Azure Resource Manager, as a server of ours plays it", () => {
  cloudCases(
    { open, asked: () => manager.asked, answer: (instead) => (manager.instead = instead === undefined ? undefined : () => instead) },
    {
      there: [
        `${compute()}/virtualMachines/vm-1`,
        `${compute()}/virtualMachineScaleSets/${set}/virtualMachines/46`,
        // Names are the same in any letters' case.
        `${compute("MC_SHOP_WestEurope", subscription.toUpperCase())}/virtualMachines/VM-1`,
      ],
      gone: [
        `${compute()}/virtualMachines/vm-none`,
        `${compute()}/virtualMachineScaleSets/${set}/virtualMachines/0`,
        `${compute()}/virtualMachineScaleSets/aks-none-vmss/virtualMachines/0`,
      ],
      foreign: [
        ["", "names no virtual machine of Azure"],
        ["kind://docker/plimsoll/plimsoll-worker", "names no virtual machine of Azure"],
        [`${compute()}/virtualMachines/`, "names no virtual machine of Azure"],
        [`${compute()}/virtualMachines/vm-1/extra`, "names no virtual machine of Azure"],
        [`${compute()}/virtualMachineScaleSets/${set}/virtualMachines/x`, "names no virtual machine of Azure"],
        [`${compute()}/disks/vm-1`, "names no virtual machine of Azure"],
        [`${compute("other")}/virtualMachines/vm-none`, "is in the resource group other, and mc_shop_westeurope is configured"],
        [
          `${compute(resourceGroup, "00000000-0000-4000-8000-0000000000bb")}/virtualMachines/vm-none`,
          "is in the subscription 00000000-0000-4000-8000-0000000000bb, and 00000000-0000-4000-8000-0000000000aa is configured",
        ],
      ],
      faults: [
        ["is throttled", fault(429, "TooManyRequests", "The request is being throttled."), "TooManyRequests"],
        ["is refused", fault(403, "AuthorizationFailed", "The client does not have authorization"), "AuthorizationFailed"],
        ["fails", fault(500, "InternalServerError", "Encountered internal server error."), "InternalServerError"],
        [
          "is of the resource group",
          fault(404, "ResourceGroupNotFound", "Resource group 'x' could not be found."),
          "ResourceGroupNotFound",
        ],
        ["is of the subscription", fault(404, "SubscriptionNotFound", "The subscription could not be found."), "SubscriptionNotFound"],
        [
          "is of something else",
          fault(404, "ResourceNotFound", "The Resource 'Microsoft.Compute/disks/d' was not found."),
          "ResourceNotFound",
        ],
        [
          "is a bad request",
          fault(400, "InvalidParameter", "The provided instanceId 999 is not an active Virtual Machine Scale Set VM instanceId."),
          "",
        ],
        ["is a proxy's 404", { status: 404, body: "<html>Not Found</html>" }, ""],
        ["is of somebody else", { status: 200, body: "<html>Sign in to the network</html>" }, ""],
        ["is empty", { status: 200, body: {} }, "the answer is not about"],
      ],
      names: {
        "vm-1": "exists",
        [`${set}00001a`]: "exists",
        // The machine has another name.
        "vm-2": "unsure",
        [`${set}00001b`]: "unsure",
        // A scale set may name its machines otherwise than itself.
        [`${set}00001c`]: "unsure",
        "vm-none": "unsure",
        "vm/../x": "unsure",
        "": "unsure",
      },
    },
  );

  test("one question is asked for each machine", async () => {
    manager.asked.length = 0;
    const id = `${compute()}/virtualMachineScaleSets/${set}/virtualMachines/0`;
    await (await open()).machines([id, id], new AbortController().signal);
    expect(manager.asked).toEqual([
      `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/providers/microsoft.compute/virtualmachinescalesets/${set}/virtualmachines/0`,
    ]);
  });
});
