import type * as Sdk from "@aws-sdk/client-ec2";
import type { DescribeInstancesCommandInput, EC2Client, Instance } from "@aws-sdk/client-ec2";
import type { Verdict } from "../cloud.ts";

/** What is asked of EC2. */
export interface Instances {
  /** All that match, page by page. Rejects with the SDK's error. */
  describe(input: DescribeInstancesCommandInput, signal: AbortSignal): Promise<Instance[]>;
}

export function instancesOf(client: EC2Client, { DescribeInstancesCommand }: typeof Sdk): Instances {
  return {
    describe: async (input, signal) => {
      const found: Instance[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client.send(new DescribeInstancesCommand({ ...input, NextToken }), { abortSignal: signal });
        found.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
        NextToken = page.NextToken || undefined;
      } while (NextToken !== undefined);
      return found;
    },
  };
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
