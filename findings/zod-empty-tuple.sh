#!/usr/bin/env bash
# zod 4.6.7: the JSON Schema (draft 2020-12) of a tuple of nothing, as in a union of `[]` and something else.
#
# toJSONSchema writes "prefixItems": [], and the draft's own meta-schema wants at least one there: whoever checks schemas before they use
# them refuses the whole schema, wherever in it the tuple stands (ajv below; Helm, of a chart's values.schema.json).
# z.array(...).max(0), or a list that may be empty, is the way out.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

echo '{}' >package.json
npm install --silent --no-audit --no-fund zod@4.6.7 ajv@8.17.1 >/dev/null
cat >main.mjs <<'JS'
import Ajv from "ajv/dist/2020.js";
import { z } from "zod";

const ajv = new Ajv();
for (const [name, schema] of Object.entries({ "z.tuple([])": z.tuple([]), "z.array(z.never()).max(0)": z.array(z.never()).max(0) })) {
  const { prefixItems } = z.toJSONSchema(schema);
  const valid = ajv.validateSchema(z.toJSONSchema(schema));
  console.log(`${name}: prefixItems ${JSON.stringify(prefixItems)}, ${valid ? "a schema" : ajv.errorsText(ajv.errors)}`);
}
JS
diff <(node main.mjs 2>&1) - <<'SEEN'
z.tuple([]): prefixItems [], data/prefixItems must NOT have fewer than 1 items
z.array(z.never()).max(0): prefixItems undefined, a schema
SEEN
echo "holds: the JSON Schema of zod's empty tuple is no JSON Schema"
