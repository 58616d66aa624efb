// Loads everything, opens the database where it is told to, says "ready", and migrates at the millisecond that
// it reads: so that several of it start together.
import { once } from "node:events";
import { disconnect, ping } from "#models/database.server";
import { migrate } from "#models/migrate.server";

if (process.argv.includes("--opened")) await ping();
console.log("ready");
const [at] = await once(process.stdin, "data");
process.stdin.destroy();
while (Date.now() < Number(at));
await migrate({ onStep: ({ direction, name }) => console.log(`${direction} ${name}`) });
await disconnect();
