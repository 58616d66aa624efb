/** The command line: what Django's `manage.py` is. `npm run manage -- --help` lists what it does. */
import { existsSync } from "node:fs";
import { run } from "./app/manage/run";

if (existsSync(".env")) process.loadEnvFile(".env");
process.exitCode = await run(process.argv.slice(2));
