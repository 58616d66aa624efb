// Loads everything, says "ready", and migrates when it is told to: so that several of it start together.
import { once } from "node:events";
import { disconnect } from "#models/database.server";
import { migrate } from "#models/migrate.server";

console.log("ready");
await once(process.stdin, "data");
await migrate({ onStep: ({ direction, name }) => console.log(`${direction} ${name}`) });
await disconnect();
process.stdin.destroy();
