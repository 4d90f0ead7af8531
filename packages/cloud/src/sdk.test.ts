import { expect, test } from "vitest";
import { sdk } from "./sdk.ts";

const absent = "@plimsoll/no-such-package";

test("the error of an SDK that isn't there names the package and the key that asks for it", async () => {
  await expect(sdk(absent, "aws", async () => import(absent))).rejects.toThrow(
    "cloud.provider: aws takes the package @plimsoll/no-such-package, which isn't installed: npm install @plimsoll/no-such-package",
  );
});

test("an SDK that is there and fails says itself why", async () => {
  await expect(sdk("@aws-sdk/client-ec2", "aws", async () => import(absent))).rejects.toThrow("Cannot find package");
});
