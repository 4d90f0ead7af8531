import { expect, test } from "vitest";
import { sdk } from "./sdk.ts";

const absent = "@plimsoll/no-such-package";

test("the error of an SDK that isn't there names its packages and the key that asks for it", async () => {
  await expect(sdk("aws", ["@aws-sdk/client-ec2", absent], async () => import(absent))).rejects.toThrow(
    "cloud.provider: aws takes packages that aren't installed: npm install @aws-sdk/client-ec2 @plimsoll/no-such-package",
  );
});

test("an SDK that is there and fails says itself why", async () => {
  await expect(sdk("aws", ["@aws-sdk/client-ec2"], async () => import(absent))).rejects.toThrow("Cannot find package");
});
