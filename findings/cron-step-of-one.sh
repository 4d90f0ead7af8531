#!/usr/bin/env bash
# github.com/robfig/cron v3.0.1, croner 11.0.1 (npm) and cronsim 2.8 (PyPI) on a star with a step beside a day of the month.
#
# When both days are restricted, either suffices; when one is a star, the other alone counts. Is a star with a step a star?
# To robfig */1 is one and */2 isn't, to cronsim (as to Debian's cron) both are, to croner neither: "the 1st, */1" runs monthly
# or daily, and "every other day, Mondays" on either or on both. 0-6, the same days as */1, is a star to none.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding
go 1.23
require github.com/robfig/cron/v3 v3.0.1
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

func main() {
	for _, text := range []string{"0 0 1 * */1", "0 0 1 * 0-6", "0 0 */2 * 1"} {
		schedule, _ := cron.ParseStandard(text)
		at := time.Date(2026, 8, 30, 0, 0, 0, 0, time.UTC)
		fmt.Print("robfig ", text, ":")
		for range 3 {
			at = schedule.Next(at)
			fmt.Print(at.Format(" 01-02"))
		}
		fmt.Println()
	}
}
GO
cat >main.mjs <<'JS'
import { Cron } from "croner";
for (const text of ["0 0 1 * */1", "0 0 1 * 0-6", "0 0 */2 * 1"]) {
  const runs = new Cron(text, { timezone: "UTC" }).nextRuns(3, new Date("2026-08-30T00:00:00Z"));
  console.log(`croner ${text}: ${runs.map((at) => at.toISOString().slice(5, 10)).join(" ")}`);
}
JS
cat >main.py <<'PY'
from datetime import datetime
from cronsim import CronSim
for text in ["0 0 1 * */1", "0 0 1 * 0-6", "0 0 */2 * 1"]:
    runs = CronSim(text, datetime(2026, 8, 30))
    print(f"cronsim {text}:", *(next(runs).strftime("%m-%d") for _ in range(3)))
PY
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts croner@11.0.1 >/dev/null
python3 -m venv venv && venv/bin/pip install --quiet --disable-pip-version-check cronsim==2.8
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }
seen=$(./go-side && node main.mjs && venv/bin/python main.py)

diff <(echo "$seen") - <<'SEEN' && echo "holds: three cron libraries read a star with a step in three ways"
robfig 0 0 1 * */1: 09-01 10-01 11-01
robfig 0 0 1 * 0-6: 08-31 09-01 09-02
robfig 0 0 */2 * 1: 08-31 09-01 09-03
croner 0 0 1 * */1: 08-31 09-01 09-02
croner 0 0 1 * 0-6: 08-31 09-01 09-02
croner 0 0 */2 * 1: 08-31 09-01 09-03
cronsim 0 0 1 * */1: 09-01 10-01 11-01
cronsim 0 0 1 * 0-6: 08-31 09-01 09-02
cronsim 0 0 */2 * 1: 08-31 09-07 09-21
SEEN
