import { hash } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import { hashPassword, isOutdated, passwordProblem, verifyPassword } from "#models/password.server";

const ABOUT = ["ada", "ada.lovelace@example.com", "Ada Lovelace"];

describe("a password", () => {
  it.each([
    ["of 7 characters", "x9!kq2z", "8 characters or more"],
    ["of 7 emoji, which are 14 UTF-16 units", "🙂🙃😀😁😂🤣😃", "8 characters or more"],
    ["of digits only", "84619375028", "not only digits"],
    ["of Arabic digits only", "٨٤٦١٩٣٧٥٠٢", "not only digits"],
    ["that everybody uses", "password1", "most common"],
    ["that everybody uses, in capitals", "SUNSHINE", "most common"],
    ["like the user name with a few letters", "adalovelace", "less like your name"],
    ["like the email's first part", "lovelace99", "less like your name"],
    ["of 1,001 bytes", `${"é".repeat(500)}x`, "1000 bytes or fewer"],
  ])("%s is refused with its reason", async (_, password, reason) => {
    expect(await passwordProblem(password, ABOUT)).toContain(reason);
  });
  it.each(["correct horse battery", "Tr0ub4dor&3xyz", `${"é".repeat(499)}xy`, "日本語のパスワード"])(
    "like %s is taken",
    async (password) => expect(await passwordProblem(password, ABOUT)).toBeNull(),
  );
});

describe("hashing", () => {
  it("is argon2id with a salt of its own, and verifies only the right password", async () => {
    const [one, two] = await Promise.all([hashPassword("open sesame"), hashPassword("open sesame")]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(two).not.toBe(one);
    expect(await verifyPassword(one, "open sesame")).toBe(true);
    expect(await verifyPassword(one, "open sesame ")).toBe(false);
  });
  it("refuses every password where there is no hash", async () => {
    expect(await verifyPassword(null, "nobody has this password")).toBe(false);
    expect(await verifyPassword("", "nobody has this password")).toBe(false);
  });
  it("does not even hash what is too long", async () => {
    expect(await verifyPassword(await hashPassword("x"), "x".repeat(1_001))).toBe(false);
  });
  it("knows a hash that was made with weaker parameters", async () => {
    const weak = await hash("open sesame", { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    expect([isOutdated(weak), isOutdated(await hashPassword("open sesame"))]).toEqual([true, false]);
  });
  it("leaves the main thread free: the event loop turns meanwhile", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await Promise.all(Array.from({ length: 6 }, () => hashPassword("open sesame")));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});
