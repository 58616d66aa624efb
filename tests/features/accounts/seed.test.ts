import { expect, it } from "vitest";
import { User } from "#models/user.server";
import { seed } from "~/features/accounts/feature.server";

it("nobody has a default password: who is seeded cannot sign in, and has no role", async () => {
  await seed.run(8);
  const people = await User.findAll();
  expect(people.map(({ username }) => username)).toEqual(
    expect.arrayContaining(["ada", "grace", "ada2", "grace2"]),
  );
  expect(people.filter(({ password, isStaff, isSuperuser }) => password || isStaff || isSuperuser)).toEqual(
    [],
  );
  for (const password of ["", "ada", "password"]) expect(await User.authenticate("ada", password)).toBeNull();
});
