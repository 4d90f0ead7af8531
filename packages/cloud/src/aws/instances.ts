import { DescribeInstancesCommand, type DescribeInstancesCommandInput, type EC2Client, type Instance } from "@aws-sdk/client-ec2";
import type { Verdict } from "../cloud.ts";

/** What is asked of EC2. */
export class Instances {
  readonly #client: EC2Client;

  constructor(client: EC2Client) {
    this.#client = client;
  }

  /** All that match, page by page. Rejects with the SDK's error, and where the answer isn't EC2's. */
  async describe(input: DescribeInstancesCommandInput, signal: AbortSignal): Promise<Instance[]> {
    const found: Instance[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.#client.send(new DescribeInstancesCommand({ ...input, NextToken }), { abortSignal: signal });
      // The SDK takes any page with success for an answer without any: EC2's own has a list, were it empty.
      if (page.Reservations === undefined) throw new Error("the answer is none of EC2's");
      found.push(...page.Reservations.flatMap(({ Instances = [] }) => Instances));
      NextToken = page.NextToken || undefined;
    } while (NextToken !== undefined);
    return found;
  }
}

/** One that stops or shuts down is there until it is terminated. */
export function verdictOf({ InstanceId, State }: Instance): Verdict {
  switch (State?.Name) {
    case "terminated":
      return { state: "gone", why: "is terminated" };
    case "pending":
    case "running":
    case "shutting-down":
    case "stopping":
    case "stopped":
      return { state: "exists" };
    default:
      return { state: "unsure", why: `${InstanceId} is in the state ${State?.Name ?? "unknown"}` };
  }
}
