import type { Cloud } from "../cloud.ts";
import type { AwsConfig } from "../config.ts";
import { sdk } from "../sdk.ts";
import { Account } from "./account.ts";
import { Aws } from "./aws.ts";
import { instancesOf } from "./instances.ts";

/** Loads the SDK. Its own chain finds the credentials; what is throttled or fails for a while it tries thrice, with growing pauses. */
export async function openAws(config: AwsConfig): Promise<Cloud> {
  const [ec2, sts] = await Promise.all([
    sdk("@aws-sdk/client-ec2", "aws", async () => import("@aws-sdk/client-ec2")),
    sdk("@aws-sdk/client-sts", "aws", async () => import("@aws-sdk/client-sts")),
  ]);
  const { region, endpoint } = config;
  const options = { region, ...(endpoint !== undefined && { endpoint }) };
  return new Aws(instancesOf(new ec2.EC2Client(options), ec2), new Account(new sts.STSClient(options), sts, config), config);
}
