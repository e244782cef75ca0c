import { STORAGES } from "../test/storages.ts";
import * as m from "./intake.ts";
const only = process.argv[2];
STORAGES.length; 
for (let i = 0; i < 8; i++) for (const x of await m.benchIntake(6000)) console.log(x.what, x.value, x.baseline);
