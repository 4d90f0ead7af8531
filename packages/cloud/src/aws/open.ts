import { EC2Client } from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import type { Cloud } from "../cloud.ts";
import type { AwsConfig } from "../config.ts";
import { Account } from "./account.ts";
import { Aws } from "./aws.ts";
import { Instances } from "./instances.ts";

/** The SDK's own chain finds the credentials; what is throttled or fails for a while it tries thrice, with growing pauses. */
export function openAws(config: AwsConfig): Cloud {
  const { region, endpoint } = config;
  const options = { region, ...(endpoint !== undefined && { endpoint }) };
  return new Aws(new Instances(new EC2Client(options)), new Account(new STSClient(options), config), config);
}
