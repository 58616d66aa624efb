import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { Activity } from "#models/activity.server";
import { Profile } from "#models/profile.server";
import { seed as accounts } from "~/features/accounts/feature.server";
import { figure, files, seed } from "~/features/profile/feature.server";
import { verify } from "~/services/files.server";
import { filesUnder } from "../../helpers/uploads";

const names = async () =>
  (await Profile.findAll({ order: ["displayName"] })).map(({ displayName }) => displayName);

it("the seed has a profile of the site and of people who are there, with pictures, and adds nothing the second time", async () => {
  await accounts.run(accounts.count);
  await seed.run(seed.count);
  expect(await names()).toEqual(["Ada Lovelace", "Alan Turing", "Emmy Noether", "Grace Hopper", "Tenfold"]);
  const there = filesUnder();
  expect(there).toHaveLength(8);
  const widths = there.map(async (path) => (await sharp(join(process.env.UPLOADS!, path)).metadata()).width);
  expect((await Promise.all(widths)).sort()).toEqual([...Array(4).fill(256), ...Array(4).fill(96)]);
  await seed.run(seed.count);
  expect(filesUnder()).toEqual(there);
  expect(await Activity.count()).toBe(0);
  expect(await verify([files])).toMatchObject([{ files: 8, missing: [], damaged: [], orphans: [] }]);
});
it("a seed without people has the profile of the site; a smaller one has less", async () => {
  await seed.run(seed.count);
  expect(await names()).toEqual(["Tenfold"]);
  await accounts.run(accounts.count);
  await seed.run(2);
  expect(await names()).toEqual(["Ada Lovelace", "Tenfold"]);
});
it("the figure counts profiles, and is absent where there are none", async () => {
  expect(await figure()).toBeNull();
  await seed.run(1);
  expect(await figure()).toBe("1 profile");
  await accounts.run(accounts.count);
  await seed.run(2);
  expect(await figure()).toBe("2 profiles");
});
