import type { ComputeManagementClient } from "@azure/arm-compute";
import type { Cloud, Verdict } from "../cloud.ts";
import type { AzureConfig } from "../config.ts";
import { answerOf, doubt } from "../doubt.ts";
import { atOnce } from "../at-once.ts";
import { notGone, verdictsOf } from "../verdicts.ts";
import { isSame, machineOf, scaleSetMachineOf, type Machine } from "./provider-id.ts";
import { tokenErrorOf } from "./token-error.ts";

const width = 4;

type Client = Pick<ComputeManagementClient, "virtualMachines" | "virtualMachineScaleSetVMs">;

/** The virtual machines of a resource group, and those of its scale sets. */
export class Azure implements Cloud {
  readonly provider = "azure";
  readonly #client: Client;
  readonly #config: AzureConfig;

  constructor(client: Client, config: AzureConfig) {
    this.#client = client;
    this.#config = config;
  }

  async machines(providerIDs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Verdict>> {
    return verdictsOf(
      width,
      providerIDs,
      (providerID) => machineOf(providerID, this.#config),
      async (machine) => this.#verdict(machine, signal),
    );
  }

  async machineNamed(node: string, signal: AbortSignal): Promise<Verdict> {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(node)) return doubt(`"${node}" can be no machine's name`);
    const ofScaleSet = scaleSetMachineOf(node);
    const candidates = [...(ofScaleSet === undefined ? [] : [ofScaleSet]), { name: node }];
    const verdicts = await atOnce(width, candidates, async (machine) => this.#verdict(machine, signal, node));
    return (
      notGone(verdicts) ??
      // A scale set may give its machines names of another beginning than its own.
      doubt(`no virtual machine is called ${node}, and no scale set that gives its machines its own name has it`)
    );
  }

  /** `node`: the computer name that it must have, if it is there. */
  async #verdict(machine: Machine, signal: AbortSignal, node?: string): Promise<Verdict> {
    return answerOf<Verdict>(async (abortSignal) => {
      try {
        const { isIt, osProfile } = await this.#get(machine, abortSignal);
        if (!isIt) return doubt(`the answer is not about the ${shown(machine)}`);
        if (node === undefined || isSame(osProfile?.computerName ?? "", node)) return { state: "exists" };
        return doubt(`${shown(machine)} has the computer name ${osProfile?.computerName ?? "unknown"}`);
      } catch (error) {
        if (isUnknown(error, machine)) return { state: "gone", why: `Azure knows no ${shown(machine)}` };
        throw tokenErrorOf(error);
      }
    }, signal);
  }

  /** `isIt`: the SDK takes any answer of success for a machine, were it a web page. */
  async #get(machine: Machine, abortSignal: AbortSignal): Promise<{ isIt: boolean; osProfile?: { computerName?: string } | undefined }> {
    const { resourceGroup } = this.#config;
    const { virtualMachines, virtualMachineScaleSetVMs } = this.#client;
    if ("name" in machine) {
      const { name = "", osProfile } = await virtualMachines.get(resourceGroup, machine.name, { abortSignal });
      return { isIt: isSame(name, machine.name), osProfile };
    }
    const { scaleSet, number } = machine;
    const { instanceId, osProfile } = await virtualMachineScaleSetVMs.get(resourceGroup, scaleSet, number, { abortSignal });
    return { isIt: instanceId === number, osProfile };
  }
}

/**
 * Whether the answer says of this machine that it isn't there. A resource group that isn't found says nothing of it: Resource Manager may not have heard
 * of it yet where it was asked. A number that a scale set doesn't have any more is a bad request to it.
 */
function isUnknown(error: unknown, machine: Machine): boolean {
  if (!(error instanceof Error) || !("statusCode" in error) || !("code" in error)) return false;
  const { statusCode, code, message } = error;
  if (statusCode === 404 && code === "ResourceNotFound")
    return "name" in machine ? message.includes(machine.name) : message.includes(machine.scaleSet);
  if ("name" in machine) return false;
  return statusCode === 400 && message.includes(`instanceId ${machine.number} is not an active Virtual Machine Scale Set VM instanceId`);
}

function shown(machine: Machine): string {
  return "name" in machine ? `virtual machine ${machine.name}` : `machine ${machine.number} of the scale set ${machine.scaleSet}`;
}
