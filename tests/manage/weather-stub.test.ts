import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { MOODS, OVER_QUOTA } from "~/features/weather/stub.server";
import { wttr } from "~/features/weather/wttr.server";
import { BUILT, ended, LONG, manage, startNode } from "./processes";

/** Starts it on a free port, as it is deployed. */
async function start(...args: string[]) {
  const child = startNode([BUILT, "weather-stub", "--port", "0", ...args], { env: {} });
  onTestFinished(() => void child.kill("SIGKILL"));
  const end = ended(child);
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  while (!/WEATHER_BASE_URL=\S+\n/.test(output)) await once(child.stdout, "data");
  return { url: output.match(/WEATHER_BASE_URL=(\S+)/)![1]!, child, end };
}

describe("manage weather-stub", { timeout: LONG }, () => {
  it("answers like wttr.in on this machine alone, says how to use it and what it is asked for, and ends with 0", async () => {
    const { url, child, end } = await start();
    expect(new URL(url).hostname).toBe("127.0.0.1");
    const source = wttr(url);
    expect(await source.find("london")).toMatchObject({ place: expect.stringContaining("London") });
    expect(await source.find("Nowhere")).toBeNull();
    expect((await fetch(`${url}/%ff?format=j1`)).status).toBe(404);
    expect((await fetch(`${url}/constructor?format=j1`)).status).toBe(404);
    child.kill("SIGTERM");
    const { code, stdout } = await end;
    expect([code, stdout]).toEqual([0, expect.stringContaining("It knows london, paris, tokyo,")]);
    expect(stdout).toContain("/london?format=j1\n/Nowhere?format=j1\n");
  });
  it("has the moods of a source that is in trouble", async () => {
    expect(MOODS).toEqual(["well", "slow", "never", "over-quota", "broken"]);
    const { url } = await start("--mood", "over-quota");
    const answer = await fetch(`${url}/London?format=j1`);
    expect([answer.status, answer.headers.get("Content-Type"), await answer.text()]).toEqual([
      200,
      "application/json",
      OVER_QUOTA,
    ]);
  });
  it("says what is wrong with its options, and with a port that is taken", async () => {
    for (const args of [
      ["--port", "x"],
      ["--port", "70000"],
      ["--mood", "sad"],
    ])
      expect((await manage(["weather-stub", ...args])).code).toBe(2);
    const { url } = await start();
    const { code, stderr } = await manage(["weather-stub", "--port", new URL(url).port]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^Cannot listen on port \d+: /)]);
  });
});
