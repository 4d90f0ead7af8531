#!/usr/bin/env bash
# @aws-sdk/client-ec2 3.1169.0: DescribeInstances to which somebody other than EC2 answers 200 with a page that is well-formed, as a network's sign-in
# or a proxy's notice is, or with nothing at all.
#
# Both are answers without any instances: the promise resolves, and Reservations is undefined, where EC2's own answer without any has an empty list.
# boto3 takes the page in the same way, and refuses the empty body. Whoever concludes from an instance that isn't in the answer, as with
# `(answer.Reservations ?? [])`, concludes from the page. That Reservations is there tells them apart.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

echo '{}' >package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-ec2@3.1169.0 >/dev/null
python3 -m venv python
python/bin/pip install --quiet boto3==1.44.8
cat >main.mjs <<'JS'
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";

const answers = {
  "EC2's answer": '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet/></DescribeInstancesResponse>',
  "a page": "<html><body>Sign in to the network</body></html>",
  nothing: "",
};
const python = `
import boto3, sys
from botocore.config import Config
options = dict(region_name="eu-central-1", endpoint_url=sys.argv[1], aws_access_key_id="x", aws_secret_access_key="y")
try:
    print(boto3.client("ec2", config=Config(retries={"total_max_attempts": 1}), **options).describe_instances().get("Reservations", "absent"))
except Exception as error:
    print(type(error).__name__)
`;
for (const [name, body] of Object.entries(answers)) {
  const server = createServer((_, response) => response.end(body)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const ec2 = new EC2Client({ region: "eu-central-1", endpoint, credentials: { accessKeyId: "x", secretAccessKey: "y" } });
  const { Reservations = "absent" } = await ec2.send(new DescribeInstancesCommand());
  const boto3 = await promisify(execFile)("python/bin/python", ["-c", python, endpoint]);
  console.log(`${name}: ${JSON.stringify(Reservations)}, boto3 ${boto3.stdout.trim()}`);
  ec2.destroy();
  server.closeAllConnections();
  server.close();
}
JS
diff <(NODE_NO_WARNINGS=1 node main.mjs 2>&1) - <<'SEEN'
EC2's answer: [], boto3 []
a page: "absent", boto3 absent
nothing: "absent", boto3 ResponseParserError
SEEN
echo "holds: to the SDK a page of somebody else's is EC2's answer that there are no instances"
