import { expect, it } from "vitest";
import { Group } from "#models/group.server";
import { loader } from "~/features/home/home";
import { loader as notFound } from "~/features/home/not-found";
import { featureServers } from "~/features.server";
import { call, get } from "../../helpers/call";

it("the home page has a live figure of a feature that has data", async () => {
  const figure = async () => ((await Group.count()) > 0 ? `${await Group.count()} counted` : null);
  featureServers.push({ name: "counted", figure });
  expect((await call(loader, get("/"))).data.figures.counted).toBeNull();
  await Group.named("a");
  expect((await call(loader, get("/"))).data.figures.counted).toBe("1 counted");
});
it("an address that no route matches is a 404", async () => {
  expect((await call(notFound, get("/nowhere"))).status).toBe(404);
});
