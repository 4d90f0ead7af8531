import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { AwsConfig } from "../config.ts";
import { answerOf, doubt, type Doubt } from "../doubt.ts";

/**
 * Whether the credentials are of the configured account: to those of another, every instance is unknown. AWS lets everybody ask who he is.
 * What was found right is not asked again, as long as the process lives.
 */
export class Account {
  readonly #client: STSClient;
  readonly #config: AwsConfig;
  #isRight = false;

  constructor(client: STSClient, config: AwsConfig) {
    this.#client = client;
    this.#config = config;
  }

  /** Why nothing may be concluded from what these credentials see; undefined: it may. */
  async doubt(signal: AbortSignal): Promise<Doubt | undefined> {
    if (this.#isRight) return undefined;
    const command = new GetCallerIdentityCommand();
    const identity = await answerOf(async (signal) => this.#client.send(command, { abortSignal: signal }), signal);
    if ("state" in identity) return doubt(`whose the credentials are can't be told: ${identity.why}`);
    const { account } = this.#config;
    if (identity.Account !== account)
      return doubt(`the credentials are of the account ${identity.Account ?? "unknown"}, and ${account} is configured`);
    this.#isRight = true;
    return undefined;
  }
}
