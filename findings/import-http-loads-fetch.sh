#!/usr/bin/env bash
# Node 26.10.0: `import { request } from "node:http"`, and the same by require or process.getBuiltinModule.
#
# node:http has lazy members: WebSocket, CloseEvent and MessageEvent, each of which loads undici and the web streams when it is read. A
# module that is imported has all its members read, whatever was asked for, so that one function of it loads all that. It takes
# some 15 MB more of a process's memory, and again of each worker's; by require or getBuiltinModule it isn't loaded.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# npm 11 asks whether Node may be put in place.
echo '{"allowScripts": {"node": true}}' >package.json
npm install --silent --no-audit --no-fund node@26.10.0 >/dev/null
tell='const loaded = process.moduleLoadList.includes("NativeModule internal/deps/undici/undici");
console.log(`${how}: undici is ${loaded ? "" : "not "}loaded`);'
echo "import { request } from 'node:http'; const how = 'import, ' + typeof request; $tell" >import.mjs
echo "const { request } = require('node:http'); const how = 'require, ' + typeof request; $tell" >require.cjs
echo "const { request } = process.getBuiltinModule('node:http'); const how = 'getBuiltinModule, ' + typeof request; $tell" >builtin.mjs
for file in import.mjs require.cjs builtin.mjs; do node_modules/.bin/node "$file"; done >seen

cat >expected <<'TEXT'
import, function: undici is loaded
require, function: undici is not loaded
getBuiltinModule, function: undici is not loaded
TEXT
diff seen expected && echo "holds: an import of node:http loads undici, and require of it doesn't"
