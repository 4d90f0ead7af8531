#!/usr/bin/env bash
# npm-package-arg 14.0.0, by which npm reads what it is to install, pack or publish: the path of a tarball in a folder.
#
# `npm publish dist/x-1.0.0.tgz` asks GitHub for the repository x-1.0.0.tgz of a user named dist, whether or not the file is there: one folder
# and one name are the short form of a repository. Deeper paths, and one with `./` before it, are files. Who publishes by such a path publishes
# what somebody else may put there.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

echo '{}' >package.json
npm install --silent --no-audit --no-fund npm-package-arg@14.0.0 >/dev/null
mkdir -p dist/out
touch x-1.0.0.tgz dist/x-1.0.0.tgz dist/out/x-1.0.0.tgz
cat >main.cjs <<'JS'
const read = require("npm-package-arg");
for (const path of ["x-1.0.0.tgz", "dist/x-1.0.0.tgz", "./dist/x-1.0.0.tgz", "dist/out/x-1.0.0.tgz"]) {
  const { type, hosted } = read(path);
  console.log(`${path}: ${type}${hosted ? ` ${hosted.https()}` : ""}`);
}
JS
diff <(node main.cjs 2>&1) - <<'SEEN'
x-1.0.0.tgz: file
dist/x-1.0.0.tgz: git https://github.com/dist/x-1.0.0.tgz.git
./dist/x-1.0.0.tgz: file
dist/out/x-1.0.0.tgz: file
SEEN
echo "holds: npm takes FOLDER/FILE.tgz for a repository on GitHub, though the file is there"
