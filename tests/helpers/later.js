// Preloaded into the server of a guide: at SIGUSR2 its clock is put ahead by as many seconds as the file LATER says.
import { readFileSync } from "node:fs";

let ahead = 0;
const today = Date.now;
const elapsed = performance.now.bind(performance);
Date.now = () => today() + ahead;
performance.now = () => elapsed() + ahead;
globalThis.Date = new Proxy(Date, {
  construct: (date, args, target) => Reflect.construct(date, args.length > 0 ? args : [date.now()], target),
});
process.on("SIGUSR2", () => {
  const seconds = readFileSync(String(process.env.LATER), "utf8");
  ahead += Number(seconds) * 1_000;
  console.log(`${seconds} s later, at ${ahead}`);
});
