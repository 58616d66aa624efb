import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithRedis } from "../../helpers/redis-server";
import { LONG, send } from "../../helpers/server";
import { personAt, startTwoProcesses, type TwoProcesses } from "../../helpers/two-processes";
import { multipart } from "../../helpers/uploads";

describeWithRedis("the vault of two processes", { timeout: LONG }, () => {
  let house: TwoProcesses;
  beforeAll(async () => {
    house = await startTwoProcesses();
  }, LONG);
  afterAll(() => house.stop());

  it("gives out on both what was uploaded through one", async () => {
    const { headers } = await personAt(house, "ada");
    const bytes = "x".repeat(1_000_000);
    const form = multipart([["file", { bytes, filename: "x.txt" }]]);
    const kept = await send(house.port, {
      method: "POST",
      path: "/documents/upload",
      headers: { ...headers, ...form.headers },
      body: form.body,
    });
    expect(kept.status).toBe(303);
    for (const { port } of house.servers) {
      const path = `${kept.headers.location}/download`;
      const answer = await send(port, { path, headers: { ...headers, "X-Forwarded-Proto": "https" } });
      expect([answer.status, answer.body === bytes]).toEqual([200, true]);
    }
  });
});
