import { beforeEach, describe, expect, it } from "vitest";
import { transaction } from "#models/database.server";
import { Notification } from "#models/notification.server";
import { action, loader } from "~/features/notifications/list";
import sweepNotifications from "~/features/notifications/sweep-notifications.server";
import { loader as root } from "~/root";
import { call, get, post } from "../../helpers/call";
import { flashOf } from "../../helpers/flash";
import { signedIn } from "../../helpers/people";
import { adminOf } from "../admin/admin";

const tell = (key: string) =>
  transaction((transaction) => Notification.add({ key, text: `About ${key}`, path: "/x" }, transaction));
let Cookie: string;
const page = async (query = "") => (await call(loader, get(`/notifications${query}`, { Cookie }))).data;

beforeEach(async () => {
  ({ cookie: Cookie } = await signedIn());
});

describe("the bell", () => {
  const bell = async (headers = {}) => (await call(root, get("/", headers))).data.user;
  it("has the number of what is new to who is signed in", async () => {
    await tell("a");
    await tell("b");
    expect((await bell({ Cookie })).unseen).toBe(2);
  });
  it("is for nobody who is not signed in", async () => expect(await bell()).toBeNull());
});

describe("the list", () => {
  it("asks for a login", async () => {
    const answers = [await call(loader, get("/notifications")), await call(action, post("/notifications"))];
    for (const { status, headers } of answers)
      expect([status < 400, headers.get("Location")]).toEqual([
        true,
        expect.stringContaining("/accounts/login?next="),
      ]);
  });
  it("has the newest first, in pages, and says which are new", async () => {
    for (let n = 0; n < 51; n++) await tell(String(n));
    const first = await page();
    expect(first).toMatchObject({ unseen: "51", page: { pages: 2, total: 51 } });
    expect(first.notifications[0]).toMatchObject({ text: "About 50", path: "/x", isNew: true });
    expect((await page("?page=2")).notifications).toHaveLength(1);
  });
  it("is not marked as read by looking at it", async () => {
    await tell("a");
    await page();
    expect(await page()).toMatchObject({ unseen: "1" });
  });
  it("marks as read what it showed, and not what has come since", async () => {
    await tell("a");
    const { newest } = await page();
    await tell("b");
    const answer = await call(action, post("/notifications", { newest: String(newest) }, { Cookie }));
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, "/notifications"]);
    expect(await flashOf(answer)).toEqual({ kind: "success", text: "All are marked as read." });
    expect(await page()).toMatchObject({ unseen: "1" });
    expect((await page()).notifications.map(({ isNew }: { isNew: boolean }) => isNew)).toEqual([true, false]);
  });
  it.each([
    {},
    { newest: "" },
    { newest: "x" },
    { newest: "0" },
    { newest: "99999999999999999999" },
    { newest: "1\u0000" },
  ])("refuses the form %j", async (fields) => {
    await tell("a");
    const answer = await call(action, post("/notifications", fields as Record<string, string>, { Cookie }));
    expect(answer.status).toBe(400);
    expect(await page()).toMatchObject({ unseen: "1" });
  });
});

it("those older than 90 days are swept", async () => {
  await tell("old");
  await Notification.update({ createdAt: new Date(Date.now() - 91 * 24 * 60 * 60 * 1000) }, { where: {} });
  await tell("new");
  await sweepNotifications();
  expect((await page()).notifications).toMatchObject([{ text: "About new" }]);
});
it("staff look at them in the admin and cannot add or change any", async () => {
  await tell("a");
  const { cookie } = await signedIn({ username: "boss", isStaff: true, isSuperuser: true });
  const admin = adminOf(cookie, "notifications", "notification");
  expect((await admin.list()).status).toBe(200);
  expect(await admin.csv()).toContain("About a");
  expect([403, 404]).toContain((await admin.add({ text: "b" })).status);
  expect(await Notification.count()).toBe(1);
});
