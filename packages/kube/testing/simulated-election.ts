import type { Durations } from "../src/leader/durations.ts";
import { candidacy, granted, listed, nextStep, refused, seen, unlisted, type Candidacy, type Step } from "../src/leader/election.ts";
import { held, holderOf, released, type StoredLease } from "../src/leader/lease.ts";

/** How long requests and events take, and what goes wrong: in `calm` nothing does. */
interface Weather {
  /** The longest that a request or its answer is under way, or an event of a watch, in milliseconds. */
  delay: number;
  /** In how many of a hundred cases a process is stopped before it acts or handles an answer, and for how many milliseconds at most. */
  stops: number;
  stop: number;
  /** How many of a hundred answers and events are lost. */
  lost: number;
  /** How many of a hundred steps are a candidate's release, or its sudden end. */
  ends: number;
}

const calm: Weather = { delay: 20, stops: 0, stop: 0, lost: 0, ends: 0 };
const storm: Weather = { delay: 8_000, stops: 3, stop: 40_000, lost: 20, ends: 1 };

interface Act {
  at: number;
  act: () => void;
}

interface Candidate {
  state: Candidacy;
  /** Its monotonic clock: from where it counts, and how fast against the true time. */
  offset: number;
  rate: number;
  /** Until when its fence lets it write, by its own clock. */
  fence: number;
  hasEnded: boolean;
  /** When the last event of its watch came: they come in order. */
  told: number;
  stoppedUntil: number;
}

/**
 * An election in a world where requests, answers and events take long, come to nothing or come twice, processes stand still at any
 * point and go on, and each has its own idea of time. Time is simulated; the candidates are the pure part of the real ones.
 */
export class SimulatedElection {
  /** Pairs that held the lease at one moment, each by its own fence. */
  readonly faults: string[] = [];
  /** How often a candidate began to hold the lease. */
  elections = 0;
  readonly #durations: Durations;
  #random: number;
  readonly #candidates: Candidate[] = [];
  readonly #agenda: Act[] = [];
  #weather = calm;
  #now = 0;
  #lease: StoredLease | undefined;
  #version = 0;

  constructor(candidates: number, durations: Durations, seed: number) {
    this.#durations = durations;
    this.#random = seed;
    for (let n = 0; n < candidates; n++) this.#join();
  }

  /** Plays for some milliseconds. */
  run(weather: "calm" | "storm", ms: number): void {
    this.#weather = weather === "calm" ? calm : storm;
    const end = this.#now + ms;
    for (;;) {
      const next = this.#agenda.reduce<Act | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
      if (next === undefined || next.at > end) break;
      this.#agenda.splice(this.#agenda.indexOf(next), 1);
      this.#now = next.at;
      next.act();
    }
    this.#now = end;
  }

  /** Those that may write now. */
  get holders(): string[] {
    return this.#candidates.filter((one) => this.#time(one) < one.fence).map(({ state }) => state.identity);
  }

  /** A whole number from `min` to `max` (of a mulberry32). */
  #choose(min: number, max: number): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return min + Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (max - min + 1));
  }

  #join(): void {
    const offset = this.#choose(-1_000_000, 1_000_000);
    const rate = 1 + this.#choose(-20, 20) / 1_000;
    const one: Candidate = {
      state: candidacy("", this.#durations, 0),
      offset,
      rate,
      fence: -Infinity,
      hasEnded: false,
      told: 0,
      stoppedUntil: 0,
    };
    one.state = candidacy(`candidate-${this.#candidates.length}`, this.#durations, this.#time(one));
    this.#candidates.push(one);
    this.#event(one);
    this.#at(this.#delay(), () => this.#act(one));
  }

  #time({ offset, rate }: Candidate): number {
    return offset + this.#now * rate;
  }

  #at(ms: number, act: () => void): void {
    this.#agenda.push({ at: this.#now + Math.max(0, ms), act });
  }

  #delay(): number {
    return this.#choose(0, 2) === 0 ? this.#choose(0, this.#weather.delay) : this.#choose(0, calm.delay);
  }

  /** Does something of a process's, once it isn't stopped. */
  #in(one: Candidate, act: () => void): void {
    if (this.#now >= one.stoppedUntil && this.#choose(1, 100) <= this.#weather.stops)
      one.stoppedUntil = this.#now + this.#choose(0, this.#weather.stop);
    if (this.#now < one.stoppedUntil) this.#at(one.stoppedUntil - this.#now, () => this.#in(one, act));
    else if (!one.hasEnded) act();
  }

  #act(one: Candidate): void {
    this.#in(one, () => {
      if (this.#choose(1, 100) <= this.#weather.ends) return this.#end(one);
      one.state = { ...one.state, heardAt: this.#time(one) };
      const step = nextStep(one.state, this.#time(one));
      if (step.do === "give up") return this.#leave(one);
      if (step.do === "wait") return this.#at(Math.min(500, (step.until - this.#time(one)) / one.rate) + 1, () => this.#act(one));
      return this.#send(one, step);
    });
  }

  /** Released, or killed. */
  #end(one: Candidate): void {
    const { lease } = one.state.observed ?? {};
    const isRelease = lease !== undefined && holderOf(lease) === one.state.identity && this.#choose(0, 1) === 1;
    this.#leave(one);
    if (isRelease) this.#at(this.#delay(), () => this.#store(released(lease, new Date(0)), lease));
  }

  /** Another candidate comes in its place. */
  #leave(one: Candidate): void {
    one.fence = -Infinity;
    one.hasEnded = true;
    this.#at(this.#delay(), () => this.#join());
  }

  #send(one: Candidate, step: Extract<Step, { timeout: number }>): void {
    const askedAt = this.#time(one);
    const { identity } = one.state;
    let isOver = false;
    const over = (handle: () => void) => () => {
      if (isOver) return;
      isOver = true;
      handle();
      this.#at(0, () => this.#act(one));
    };
    const fail = () => (one.state = step.do === "list" ? unlisted(one.state, askedAt) : refused(one.state, false, askedAt));
    this.#at(step.timeout / one.rate, () => this.#in(one, over(fail)));
    this.#at(this.#delay(), () => {
      const stored =
        step.do === "list"
          ? this.#lease
          : this.#store(
              held(step.lease, { namespace: "", name: "" }, { identity, leaseDuration: this.#durations.leaseDuration }, new Date(0)),
              step.lease,
            );
      if (this.#choose(1, 100) <= this.#weather.lost) return;
      const answer = over(() => {
        if (step.do === "list") one.state = listed(one.state, stored, askedAt, this.#time(one));
        else if (stored === undefined) one.state = refused(one.state, true, askedAt);
        else this.#granted(one, stored, askedAt);
      });
      this.#at(this.#delay(), () => this.#in(one, answer));
    });
  }

  #granted(one: Candidate, stored: StoredLease, askedAt: number): void {
    const before = one.state.validUntil;
    one.state = granted(one.state, stored, askedAt, this.#time(one));
    const { validUntil } = one.state;
    if (validUntil === undefined) return;
    if (before === undefined) this.elections += 1;
    one.fence = validUntil;
    const { holders } = this;
    if (holders.length > 1) this.faults.push(`at ${this.#now} ${holders.join(" and ")} hold the lease`);
  }

  /** What an API server does with a create (`before` undefined) or an update: gives what it stored, or nothing where that conflicts. */
  #store(lease: object, before: StoredLease | undefined): StoredLease | undefined {
    if (before?.metadata.resourceVersion !== this.#lease?.metadata.resourceVersion) return undefined;
    this.#version += 1;
    const metadata = { name: "", uid: "", creationTimestamp: "", resourceVersion: `${this.#version}` };
    this.#lease = { ...lease, metadata };
    for (const one of this.#candidates) this.#event(one);
    return this.#lease;
  }

  /** Tells a follower's watch of the lease as it is now, sometime; some watches break, and tell nothing. */
  #event(one: Candidate): void {
    const lease = this.#lease;
    if (this.#choose(1, 100) <= this.#weather.lost && one.state.observed !== undefined) return;
    one.told = Math.max(one.told, this.#now + this.#delay());
    this.#at(one.told - this.#now, () =>
      this.#in(one, () => {
        if (one.state.validUntil === undefined) one.state = seen(one.state, lease, this.#time(one));
      }),
    );
  }
}
