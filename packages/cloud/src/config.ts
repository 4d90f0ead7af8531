import * as z from "zod";

const endpoint = z
  .url({ protocol: /^https?$/, error: "must be a URL, as in https://ec2.eu-central-1.amazonaws.com" })
  .optional()
  .meta({ description: "Where the cloud's API is, if not where its SDK looks for it." });

const aws = z.strictObject({
  provider: z.literal("aws").meta({ description: "Whose machines the nodes are." }),
  region: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)+-\d+$/, "must be a region, as in eu-central-1")
    .meta({ description: "AWS: the region that the machines are in." }),
  account: z
    .string("must be an account's number of 12 digits: put it in quotes")
    .regex(/^\d{12}$/, "must be an account's number of 12 digits")
    .meta({ description: "AWS: the account that the machines are in, by its number. The credentials must be of it." }),
  endpoint,
});

const gcp = z.strictObject({
  provider: z.literal("gcp").meta({ description: "Whose machines the nodes are." }),
  project: z
    .string()
    .regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "must be a project's ID, as in my-project-1")
    .meta({ description: "Google Cloud: the project that the machines are in, by its ID." }),
  zones: z
    .array(z.string().regex(/^[a-z]+(-[a-z]+)+\d+-[a-z]$/, "must be a zone, as in europe-west1-b"))
    .min(1)
    .meta({ description: "Google Cloud: the zones that the machines are in, as in europe-west1-b." }),
  endpoint,
});

const azure = z.strictObject({
  provider: z.literal("azure").meta({ description: "Whose machines the nodes are." }),
  subscription: z
    .guid("must be a subscription's ID, as in 00000000-0000-0000-0000-000000000000")
    .meta({ description: "Azure: the subscription that the machines are in, by its ID." }),
  resourceGroup: z
    .string()
    .regex(/^[^/\s]{1,90}$/, "must be a resource group's name")
    .meta({ description: "Azure: the resource group that the machines are in; of AKS, its node resource group." }),
  endpoint,
});

/**
 * Which account of which cloud the nodes' machines are in, and where in it. There are no credentials in it: the SDKs find the cloud's own,
 * such as a workload identity.
 */
export const cloudConfig = z.discriminatedUnion("provider", [aws, gcp, azure], "must be aws, gcp or azure");

export type CloudConfig = z.output<typeof cloudConfig>;
export type AwsConfig = z.output<typeof aws>;
export type GcpConfig = z.output<typeof gcp>;
export type AzureConfig = z.output<typeof azure>;
