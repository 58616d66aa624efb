import { expect, it } from "vitest";
import { disconnect, ping } from "#models/database.server";

it("a ping resolves while the database answers and rejects when it does not", async () => {
  await expect(ping()).resolves.toBe(true);
  await disconnect();
  await expect(ping()).rejects.toThrow();
});
