import type { InitContainer, Step } from "@plimsoll/api";
import { writtenCpu, writtenMemory } from "@plimsoll/model/written";
import type { ResourceRequirements } from "kubernetes-types/core/v1.d.ts";
import { mostOf, type Given } from "../../sizing/given.ts";
import { multiplied } from "./quantity.ts";

type Amounts = Readonly<Record<string, string | number>>;

/** What a container asks for and may use, with its memory multiplied. */
export function renderResources(given: InitContainer["resources"], memory: number): ResourceRequirements | undefined {
  if (given === undefined) return undefined;
  const { requests, limits, claims } = given;
  return {
    ...(requests ? { requests: amountsOf(requests, memory) } : {}),
    ...(limits ? { limits: amountsOf(limits, memory) } : {}),
    // Kubernetes' types of this version know the name alone.
    ...(claims ? { claims: claims.map(({ name, request }) => ({ name, ...(request === undefined ? {} : { request }) })) } : {}),
  };
}

/** The same of a step's container, of which memory and CPU may go by earlier tries. */
export function renderStepResources(own: Step["resources"], memory: number, sized?: Given): ResourceRequirements | undefined {
  if (own?.auto === undefined) return renderResources(own, memory);
  const { auto, requests = {}, limits = {}, ...more } = own;
  const given = sized ?? mostOf(auto);
  const bytes = writtenMemory(given.memory);
  const cpu = given.cpu === undefined ? {} : { cpu: writtenCpu(given.cpu) };
  return renderResources({ ...more, requests: { ...requests, ...cpu, memory: bytes }, limits: { ...limits, memory: bytes } }, 1);
}

function amountsOf(amounts: Amounts, memory: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, name === "memory" ? multiplied(String(amount), memory) : String(amount)]),
  );
}
