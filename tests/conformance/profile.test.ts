/** Assignment 03: the profile and its picture. Of a person who has just been added: the site's own is not ours to change. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { newcomer, superuser, tag, tidy, visitor } from "./site";
import type { Page } from "./visitor";

/** One grey pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

const admin = superuser();
const somebody = visitor();
beforeAll(async () => {
  await somebody.signIn(...(await newcomer(admin, "ada")));
});
afterAll(() => tidy(admin, "/admin/accounts/user"));

const open = () => somebody.open("/profile");
const field = async (name: string) => (await open()).find(`[name=${name}]`).element;
const hasPicture = (page: Page) => page.element.querySelector("main img") !== null;
const picture = async () => (await open()).find("main img").element.getAttribute("src")!;

it("1. the profile is empty at first", async () => {
  expect((await field("display_name")).getAttribute("value") ?? "").toBe("");
  expect((await field("bio")).textContent).toBe("");
  expect(hasPicture(await open())).toBe(false);
});
it("2. a name, a bio and a file make the profile", async () => {
  const avatar = new File([Buffer.from(PNG, "base64")], "me.png", { type: "image/png" });
  const page = await (await open()).press("Save", { display_name: `Ada ${tag}`, bio: "Counts.", avatar });
  expect([page.redirects, page.path, page.message]).toEqual([[303], "/profile", "Saved."]);
  expect((await field("display_name")).getAttribute("value")).toBe(`Ada ${tag}`);
  expect((await field("bio")).textContent).toBe("Counts.");
});
it("3. sent again without a file, it keeps the picture", async () => {
  const before = await picture();
  await (await open()).press("Save", { bio: "Counts on." });
  expect((await field("bio")).textContent).toBe("Counts on.");
  expect(await picture()).toBe(before);
});
it("3. a file that is no picture is refused, and the one before stays", async () => {
  const before = await picture();
  const avatar = new File(["<script>"], "me.png", { type: "image/png" });
  const page = await (await open()).press("Save", { display_name: `Bob ${tag}`, avatar });
  expect([page.redirects, page.status]).toEqual([[], 422]);
  expect(await picture()).toBe(before);
});
it("4. the picture has an address under /media/avatars", async () => {
  expect(await picture()).toMatch(/^\/media\/avatars\/[\w.-]+$/);
  const { status, headers, bytes } = await visitor().open(await picture());
  expect([status, headers.get("Content-Type")]).toEqual([200, "image/webp"]);
  expect(bytes.length).toBeGreaterThan(0);
});
