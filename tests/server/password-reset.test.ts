import { expect, it, onTestFinished } from "vitest";
import { send, startServer } from "../helpers/server";

it("the log names no link that opens an account", async () => {
  const server = await startServer();
  onTestFinished(() => server.stop());
  const answer = await send(server.port, { path: "/accounts/reset/1.secret.part" });
  expect([answer.status, answer.headers["referrer-policy"]]).toEqual([
    404,
    expect.stringMatching(/strict-origin$/),
  ]);
  await server.said(/\/accounts\/reset\/…/);
  expect(server.output()).not.toContain("secret.part");
});
