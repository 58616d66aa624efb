import { hash, verify } from "@node-rs/argon2";
import { beforeEach, expect, it, vi } from "vitest";
import { User } from "#models/user.server";
import { action } from "~/features/accounts/login";
import { call, post } from "../../helpers/call";

vi.mock("@node-rs/argon2", async (original) => {
  const real = await original<typeof import("@node-rs/argon2")>();
  return { ...real, hash: vi.fn(real.hash), verify: vi.fn(real.verify) };
});

const PASSWORD = "correct horse 9";

beforeEach(async () => {
  await User.add({ username: "ada", password: PASSWORD });
  await User.add({ username: "old", password: PASSWORD, isActive: false });
  await User.add({ username: "seed" });
  // The first try of a process makes the hash that stands in where there is none.
  await User.authenticate("nobody", PASSWORD);
  vi.mocked(hash).mockClear();
  vi.mocked(verify).mockClear();
});

it.each([
  ["a right password", "ada", PASSWORD, 303],
  ["a wrong password", "ada", "wrong horse 9", 422],
  ["an unknown name", "nobody", PASSWORD, 422],
  ["a name that nobody can have", "no body", PASSWORD, 422],
  ["an inactive person", "old", PASSWORD, 422],
  ["a person without a password", "seed", PASSWORD, 422],
])(
  "%s costs one verification of the same parameters, and no hashing: the time tells nothing",
  async (...given) => {
    const [, username, password, status] = given;
    expect((await call(action, post("/accounts/login", { username, password }))).status).toBe(status);
    const parameters = vi.mocked(verify).mock.calls.map(([hash]) => String(hash).split("$", 4).join("$"));
    expect(parameters).toEqual(["$argon2id$v=19$m=19456,t=2,p=1"]);
    expect(hash).not.toHaveBeenCalled();
  },
);
