// What github.com/robfig/cron makes of expressions: reads a JSON list of questions from stdin, and writes a JSON list of answers.
package main

import (
	"encoding/json"
	"os"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

type question struct {
	Cron, Zone  string
	From, Until int64 // seconds since 1970; From itself is left out
}

type answer struct {
	Error string  `json:"error"`
	Times []int64 `json:"times"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	answers := make([]answer, len(questions))
	for i, q := range questions {
		answers[i].Times = []int64{}
		zone, err := time.LoadLocation(q.Zone)
		if err != nil {
			panic(err)
		}
		schedule, err := cron.ParseStandard(q.Cron)
		if err != nil {
			answers[i].Error = err.Error()
			continue
		}
		for at := schedule.Next(time.Unix(q.From, 0).In(zone)); !at.IsZero() && at.Unix() <= q.Until; at = schedule.Next(at) {
			answers[i].Times = append(answers[i].Times, at.Unix())
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}
