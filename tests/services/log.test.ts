import { expect, it } from "vitest";
import { sequelize } from "#models/database.server";
import { errorView } from "~/services/log.server";

it("a logged error of the database holds neither the values of its statement nor the statement", async () => {
  const fault: Error = await sequelize
    .query("INSERT INTO nothing (password) VALUES ('hunter2')")
    .then(() => expect.unreachable())
    .catch((error) => error);
  expect(errorView(fault)).toMatchObject({ type: "SequelizeDatabaseError", stack: expect.any(String) });
  expect(JSON.stringify(errorView(fault))).not.toContain("hunter2");
});
