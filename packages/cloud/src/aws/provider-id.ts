import type { AwsConfig } from "../config.ts";
import { doubt, type Doubt } from "../doubt.ts";

const pattern = /^aws:\/\/\/([a-z0-9-]+)\/(i-[0-9a-f]{8}|i-[0-9a-f]{17})$/;

/** The EC2 instance that a providerID names, as in `aws:///eu-central-1a/i-0123456789abcdef0`; "unsure" where it names none of the region. */
export function instanceOf(providerID: string, { region }: AwsConfig): string | Doubt {
  const [, zone = "", instance = ""] = pattern.exec(providerID) ?? [];
  if (instance === "") return doubt(`"${providerID}" names no EC2 instance`);
  const itsRegion = regionOf(zone);
  if (itsRegion === undefined) return doubt(`"${zone}" is no zone of AWS`);
  if (itsRegion !== region) return doubt(`is in the region ${itsRegion}, and ${region} is configured`);
  return instance;
}

/** `eu-central-1a` → `eu-central-1`, and of a local zone, `us-west-2-lax-1a` → `us-west-2`. */
function regionOf(zone: string): string | undefined {
  return /^([a-z]+(?:-[a-z]+)+-\d+)(?:[a-z]|-[a-z0-9-]+)$/.exec(zone)?.[1];
}
