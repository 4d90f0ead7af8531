import type { AzureConfig } from "../config.ts";
import { doubt, type Doubt } from "../doubt.ts";

/** A virtual machine by its name, or one of a scale set by its number there. */
export type Machine = { name: string } | { scaleSet: string; number: string };

const pattern =
  /^azure:\/\/\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Compute\/(?:virtualMachines\/([\w.-]+)|virtualMachineScaleSets\/([\w.-]+)\/virtualMachines\/(\d+))$/i;

/** The machine that a providerID names; "unsure" where it names none of the resource group. Azure's names are the same in any letters' case. */
export function machineOf(providerID: string, { subscription, resourceGroup }: AzureConfig): Machine | Doubt {
  const [, itsSubscription, itsGroup, name, scaleSet, number] = pattern.exec(providerID) ?? [];
  if (itsSubscription === undefined || itsGroup === undefined) return doubt(`"${providerID}" names no virtual machine of Azure`);
  if (!isSame(itsSubscription, subscription)) return doubt(`is in the subscription ${itsSubscription}, and ${subscription} is configured`);
  if (!isSame(itsGroup, resourceGroup)) return doubt(`is in the resource group ${itsGroup}, and ${resourceGroup} is configured`);
  if (name !== undefined) return { name };
  return scaleSet !== undefined && number !== undefined ? { scaleSet, number } : doubt(`"${providerID}" names no virtual machine of Azure`);
}

/**
 * The machine of a uniform scale set that has this computer name, where the set's prefix for these is its name, as AKS has it: the set's name and the
 * machine's number of six digits to base 36. `aks-pool-1-vmss00001a` → number 46 of `aks-pool-1-vmss`.
 */
export function scaleSetMachineOf(node: string): Machine | undefined {
  const [, scaleSet, digits = ""] = /^([a-z0-9][a-z0-9-]*)([0-9a-z]{6})$/.exec(node) ?? [];
  return scaleSet === undefined ? undefined : { scaleSet, number: String(Number.parseInt(digits, 36)) };
}

export function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
