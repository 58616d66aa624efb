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
it("who asks while the figures are being read is not shown what was before", async () => {
  let readings = 0;
  const figure = async () => {
    readings += 1;
    return `${await Group.count()} counted`;
  };
  featureServers.push({ name: "counted at once", figure });
  const before = await Group.count();
  const asked = [];
  for (let n = 1; n <= 20; n += 1) {
    await Group.named(`group ${n}`);
    const shown = call(loader, get("/")).then(({ data }) => data.figures["counted at once"]);
    asked.push(
      shown.then((figure) => expect(Number.parseInt(figure!, 10)).toBeGreaterThanOrEqual(before + n)),
    );
  }
  await Promise.all(asked);
  readings = 0;
  await Promise.all(Array.from({ length: 50 }, () => call(loader, get("/"))));
  expect(readings).toBeLessThanOrEqual(2);
});
it("an address that no route matches is a 404", async () => {
  expect((await call(notFound, get("/nowhere"))).status).toBe(404);
});
