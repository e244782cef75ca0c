import { parentPort } from "node:worker_threads";

// A thread that ends with whatever it is given to do.
parentPort?.once("message", () => process.exit(3));
