#!/usr/bin/env node
import { launch } from "@plimsoll/controller/launch";

await launch(import.meta.resolve("../src/main.ts"));
