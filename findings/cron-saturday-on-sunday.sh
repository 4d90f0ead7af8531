#!/usr/bin/env bash
# github.com/robfig/cron v3.0.1, which schedules Kubernetes' CronJobs, against croner 11.0.1 (npm).
#
# In America/Santiago the night from Saturday 5 to Sunday 6 September 2026 has no midnight: at 00:00 the clock goes to 01:00.
# robfig runs "Saturdays at noon" on that Sunday too, and "the 5th at noon" on the 6th too; it leaves Sunday's 00:30 out
# without a replacement. croner runs each on its day alone, and the missing 00:30 at 01:00.
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
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

func main() {
	zone, _ := time.LoadLocation("America/Santiago")
	for _, text := range []string{"0 12 * * 6", "0 12 5 * *", "30 0 * * *"} {
		schedule, _ := cron.ParseStandard(text)
		at := time.Date(2026, 9, 4, 13, 0, 0, 0, zone)
		fmt.Print("robfig ", text)
		for range 3 {
			at = schedule.Next(at)
			fmt.Print(", ", at.Format("Mon 2006-01-02 15:04"))
		}
		fmt.Println()
	}
}
GO
cat >main.mjs <<'JS'
import { Cron } from "croner";
const format = new Intl.DateTimeFormat("sv", { timeZone: "America/Santiago", dateStyle: "short", timeStyle: "short" });
const weekday = new Intl.DateTimeFormat("en", { timeZone: "America/Santiago", weekday: "short" });
for (const text of ["0 12 * * 6", "0 12 5 * *", "30 0 * * *"]) {
  const runs = new Cron(text, { timezone: "America/Santiago" }).nextRuns(3, new Date("2026-09-04T17:00:00Z"));
  console.log(["croner " + text, ...runs.map((at) => `${weekday.format(at)} ${format.format(at)}`)].join(", "));
}
JS
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts croner@11.0.1 >/dev/null
GOFLAGS=-mod=mod go build -o go-side . 2>log || { cat log; exit 1; }
seen=$(./go-side && node main.mjs)

diff <(echo "$seen") - <<'SEEN' && echo "holds: robfig/cron runs a Saturday's schedule on Sunday as well where clocks skip midnight"
robfig 0 12 * * 6, Sat 2026-09-05 12:00, Sun 2026-09-06 12:00, Sat 2026-09-12 12:00
robfig 0 12 5 * *, Sat 2026-09-05 12:00, Sun 2026-09-06 12:00, Mon 2026-10-05 12:00
robfig 30 0 * * *, Sat 2026-09-05 00:30, Mon 2026-09-07 00:30, Tue 2026-09-08 00:30
croner 0 12 * * 6, Sat 2026-09-05 12:00, Sat 2026-09-12 12:00, Sat 2026-09-19 12:00
croner 0 12 5 * *, Sat 2026-09-05 12:00, Mon 2026-10-05 12:00, Thu 2026-11-05 12:00
croner 30 0 * * *, Sat 2026-09-05 00:30, Sun 2026-09-06 01:00, Mon 2026-09-07 00:30
SEEN
