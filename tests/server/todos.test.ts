import { expect, it } from "vitest";
import { post, send, startServer } from "../helpers/server";

it("what was deleted before the process was killed can still be undone", async () => {
  const server = await startServer();
  for (const title of ["Kept", "Deleted"]) await post(server, "/todos", { title });
  expect((await post(server, "/todos/2/delete")).status).toBe(303);
  server.process.kill("SIGKILL");
  await server.exited;
  const again = await startServer({ DATABASE_URL: server.databaseUrl });
  expect((await post(again, "/todos/2/restore")).status).toBe(303);
  const { body } = await send(again.port, { path: "/todos" });
  for (const title of ["Kept", "Deleted"]) expect(body).toContain(`>${title}<`);
  await again.stop();
  await server.stop();
});
