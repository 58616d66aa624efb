import { expect, it } from "vitest";
import { disconnect, inBackground } from "#models/database.server";
import { Group } from "#models/group.server";

it("the database closes once what was begun in the background is done", async () => {
  const done: string[] = [];
  inBackground(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done.push((await Group.named("Late")).name);
  });
  await disconnect();
  expect(done).toEqual(["Late"]);
});
