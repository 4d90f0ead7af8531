#!/usr/bin/env node
import { launch } from "../src/launch.mjs";

await launch(import.meta.resolve("../src/main.ts"));
