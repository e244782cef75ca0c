#!/usr/bin/env node
import { launch } from "../../scripts/launch/launch.mjs";

await launch(new URL("../src/core/main.ts", import.meta.url));
