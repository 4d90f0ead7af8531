#!/usr/bin/env bash
# commander 15.1.0 (npm) on Node 26.10.0 (npm: node), standard input a pipe.
#
# commander imports node:process. As an ES module, that reads every property of `process` once, `stdin` too, which opens it: the pipe,
# which is shared with whoever else has it, no longer blocks, from the import until the program ends. A program that never reads its
# input makes its neighbours' reads fail: cat says "Resource temporarily unavailable". The global `process`, and `require` of commander's
# last version as CommonJS, 14.0.3, leave it as it is.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm install --prefix . --silent --no-audit --no-fund node@26.10.0 commander@15.1.0 commander-14@npm:commander@14.0.3 >/dev/null
wait='setTimeout(() => {}, Number(process.argv[2]))'
echo "import 'commander'; $wait;" >commander.mjs
echo "import 'node:process'; $wait;" >module.mjs
echo "$wait;" >global.mjs
echo "require('commander-14'); $wait;" >commander-14.cjs

# What cat reads of a pipe that a program has, too, which doesn't read it and runs for four seconds.
beside() {
  { sleep 3; echo "what was sent"; } | {
    node_modules/.bin/node "$1" 4000 &
    sleep 2
    cat 2>&1 || true
    wait
  }
}
seen=$(for program in commander.mjs module.mjs global.mjs commander-14.cjs; do echo "$program: $(beside "$program")"; done)

diff <(echo "$seen") - <<'SEEN' && echo "holds: a program that imports commander makes other readers of its standard input fail"
commander.mjs: cat: -: Resource temporarily unavailable
module.mjs: cat: -: Resource temporarily unavailable
global.mjs: what was sent
commander-14.cjs: what was sent
SEEN
