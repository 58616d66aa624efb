import { type Command, InvalidArgumentError, Option } from "commander";
import { Failure } from "./failure";
import { untilStopped } from "./until-stopped";

const PORT = 8787;

export async function configure(command: Command) {
  const { MOODS, startStub } = await import("~/features/weather/stub.server");
  const { CITIES } = await import("~/features/weather/stub-weather.server");
  command
    .option("--port <number>", "where to listen; 0 takes any free port", portOf, PORT)
    .addOption(new Option("--mood <mood>", "how to answer").choices(MOODS).default("well"))
    .action(async ({ port, mood }: { port: number; mood: (typeof MOODS)[number] }) => {
      const stub = await startStub({ port, mood, tell: console.log }).catch(
        (error: NodeJS.ErrnoException) => {
          throw new Failure(`Cannot listen on port ${port}: ${error.message}`);
        },
      );
      console.log(`Weather without internet, until Ctrl+C. Start Tenfold with WEATHER_BASE_URL=${stub.url}`);
      console.log(`It knows ${[...CITIES.keys()].join(", ")}.`);
      await untilStopped();
      await stub.stop();
    });
}

function portOf(text: string) {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("It must be a port, from 0 to 65535.");
}
