/** Assignment 10: the document vault. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { newcomer, site, superuser, tag, tidy, visitor } from "./site";
import type { Page } from "./visitor";

const USERS = "/admin/accounts/user";
const title = `The lease ${tag}`;
const filename = `lease “final” ${tag}.txt`;
const content = `Signed, and then some: ${"ä".repeat(1_000)}`;

const admin = superuser();
const owner = visitor();
const second = visitor();
let account: [username: string, password: string];
/** Where the document is downloaded. */
let download: string;
beforeAll(async () => {
  account = await newcomer(admin, "second");
});
afterAll(async () => {
  for (const row of (await search()).rows(tag)) await (await row.follow(title)).press("Delete");
  for (const row of (await owner.open("/documents/trash")).rows(tag)) await row.press("Yes, for good");
  await (await owner.open("/")).press("Sign out");
  await tidy(admin, USERS);
});

const search = async (whose = owner) => (await whose.open("/documents")).press("Search", { q: tag });
/** An answer without what tells one request from another. */
const answerOf = ({ status, text, headers }: Page) => [
  status,
  text,
  [...headers.keys()].toSorted(),
  headers.get("Content-Type"),
];

it("0. who is not signed in is led to the login, and from there to where they wanted", async () => {
  const page = await visitor().open("/documents");
  expect([page.redirects, page.path]).toEqual([[302], "/accounts/login"]);
  expect(page.url.searchParams.get("next")).toBe("/documents");
});
it("1. the superuser signs in and uploads a document", async () => {
  const login = await owner.open("/documents/upload");
  const { username, password } = site.superuser;
  const form = await login.press("Sign in", { username, password });
  expect(form.path).toBe("/documents/upload");
  const page = await form.press("Upload", { title, file: new File([content], `C:\\papers\\${filename}`) });
  expect([page.redirects, page.status, page.find("h1").text]).toEqual([[303], 200, title]);
});
it("2. the list has it", async () => {
  const row = (await owner.open("/documents")).row(title);
  expect(row.text).toContain(filename);
  download = row.linkTo("Download").pathname;
});
it("3. “Download” delivers the file as an attachment, under its name without any folder", async () => {
  const { status, headers, bytes } = await owner.open(download);
  expect([status, bytes.toString()]).toEqual([200, content]);
  expect(headers.get("Content-Disposition")).toMatch(/^attachment;/);
  expect(headers.get("Content-Disposition")).toContain(encodeURIComponent(filename));
  expect(headers.get("Content-Disposition")).not.toContain("papers");
});
it("4. a second person, added in the admin without a group, signs in", async () => {
  const page = await second.signIn(...account);
  expect(page.button("Sign out").type).toBe("submit");
});
it("5. their list is empty", async () => {
  const page = await second.open("/documents");
  expect([page.status, page.rows()]).toEqual([200, []]);
  expect(page.text).toContain("Nothing is kept here yet");
  expect((await search(second)).rows()).toEqual([]);
});
it("6. to them the document answers as one that does not exist: 404", async () => {
  const guessed = await second.open(download);
  expect(guessed.status).toBe(404);
  expect(answerOf(guessed)).toEqual(answerOf(await second.open("/documents/2147483647/download")));
});
it("7. in the group “admin” they see and download every document, once they sign in again", async () => {
  await addToGroup("admin");
  await (await second.open("/")).press("Sign out");
  await second.signIn(...account);
  expect((await search(second)).row(title).text).toContain(filename);
  const { status, bytes } = await second.open(download);
  expect([status, bytes.toString()]).toEqual([200, content]);
});

/** In the admin; a site that does not have the group yet gets it. */
async function addToGroup(name: string) {
  const groups = await admin.open(`/admin/accounts/group?q=${name}`);
  if (!groups.hasLink(name)) await (await admin.open("/admin/accounts/group/add")).press("Save", { name });
  const form = await (await admin.open(`${USERS}?q=${tag}`)).follow(account[0]);
  expect((await form.press("Save", { groups: [name] })).redirects).toEqual([303]);
}
