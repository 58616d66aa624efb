import type { ActionFunctionArgs } from "@remix-run/node";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Activity } from "#models/activity.server";
import { Document } from "#models/document.server";
import { Job } from "#models/job.server";
import { User } from "#models/user.server";
import { action as remove } from "~/features/documents/delete";
import { loader as page } from "~/features/documents/document";
import { action as edit, loader as editForm } from "~/features/documents/edit";
import { action as erase } from "~/features/documents/erase";
import { files } from "~/features/documents/feature.server";
import { loader as list } from "~/features/documents/list";
import { loader as preview } from "~/features/documents/preview";
import removeFiles from "~/features/documents/remove-files.server";
import { action as restore } from "~/features/documents/restore";
import { loader as trash } from "~/features/documents/trash";
import { action as upload, loader as uploadForm } from "~/features/documents/upload";
import { sweep } from "~/services/files.server";
import { call, get, post } from "../../helpers/call";
import { failingCommit, unansweredCommit } from "../../helpers/commits";
import { ordersOf, statementsOf } from "../../helpers/statements";
import { filesUnder, postFiles } from "../../helpers/uploads";
import { document, download, join, type Person, person } from "./vault";

let boss: Person;
let ada: Person;
beforeEach(async () => {
  boss = await person("boss", { isSuperuser: true });
  ada = await person("ada");
});

const params = (id: number | string) => ({ id: String(id) });
const send = (who: Person, parts: Parameters<typeof postFiles>[1]) =>
  call(upload, postFiles("/documents/upload", parts, who.cookie));
const rows = async (who: Person, query = "") =>
  (await call(list, get(`/documents${query}`, who.cookie))).data;
const titles = async (who: Person, query = "") =>
  (await rows(who, query)).rows.map(({ title }: { title: string }) => title);
const open = (who: Person, id: number | string) =>
  call(page, get(`/documents/${id}`, who.cookie), params(id));
const act = (action: (args: ActionFunctionArgs) => Promise<unknown>, who: Person, id: number | string) =>
  call(action, post(`/documents/${id}/x`, {}, who.cookie), params(id));

/** Does what the documents have asked to be done in the background. */
async function workOff() {
  const jobs = await Job.findAll({ where: { name: "remove-document-files", status: "queued" } });
  for (const job of jobs) await removeFiles(job.payload as { keys: string[] });
  await Job.destroy({ where: {} });
}

describe("the tutorial's steps", () => {
  it("who is not signed in is led to the login, and back", async () => {
    for (const [loader, path] of [
      [list, "/documents"],
      [uploadForm, "/documents/upload"],
      [page, "/documents/1"],
    ] as const) {
      const answer = await call(loader, get(path), params(1));
      expect(answer.headers.get("Location")).toBe(`/accounts/login?${new URLSearchParams({ next: path })}`);
    }
  });
  it("a superuser uploads, and has it in the list and as a download by its own name", async () => {
    const file = { bytes: "Terms", filename: "terms.txt", type: "text/html" };
    const answer = await send(boss, [
      ["title", "Contract"],
      ["file", file],
    ]);
    expect(answer.status).toBe(303);
    const [row] = (await rows(boss)).rows;
    expect(row).toMatchObject({ title: "Contract", filename: "terms.txt", size: 5, owner: "boss" });
    expect(answer.headers.get("Location")).toBe(`/documents/${row.id}`);
    const { status, headers, bytes } = await download(boss, row.id);
    expect([status, bytes.toString(), headers.get("Content-Disposition")]).toEqual([
      200,
      "Terms",
      'attachment; filename="terms.txt"',
    ]);
  });
  it("another person sees an empty list, and gets a 404 as for an id that there is not", async () => {
    const id = await document(boss);
    expect(await rows(ada)).toMatchObject({ rows: [], page: { total: 0 } });
    const [forbidden, missing] = [await open(ada, id), await open(ada, id + 1)];
    expect(forbidden.status).toBe(404);
    expect(forbidden).toEqual(missing);
    expect((await download(ada, id)).status).toBe(404);
  });
  it("who joins the group admin sees and downloads everything; who leaves it does not any more", async () => {
    const id = await document(boss, { title: "Of the boss" });
    const member = await join(ada, "admin");
    expect(await titles(member)).toEqual(["Of the boss"]);
    expect((await download(member, id)).bytes.toString()).toBe("Hello");
    const left = await join(member, "editors");
    expect((await download(left, id)).status).toBe(404);
  });
  it("superusers pass without the group", async () => {
    const id = await document(ada);
    expect((await open(boss, id)).status).toBe(200);
    expect((await download(boss, id)).status).toBe(200);
  });
});

describe("a document", () => {
  it("is found by each word of title or file name, whatever its case, and by nobody else", async () => {
    await document(ada, { title: "Straße nach Norden", filename: "map_100%.txt" });
    await document(ada, { title: "Other" });
    await document(boss, { title: "Of the boss, map" });
    for (const q of ["STRASSE", "nord map", "100%", "MAP_1", "txt straße"])
      expect(await titles(ada, `?${new URLSearchParams({ q })}`), q).toEqual(["Straße nach Norden"]);
    for (const q of ["boss", "%", "nord other", "'"])
      expect(await titles(ada, `?${new URLSearchParams({ q })}`), q).toEqual(
        q === "%" ? ["Straße nach Norden"] : [],
      );
  });
  it("keeps its id when it is renamed, and when its file is replaced; the file before goes", async () => {
    const id = await document(ada, { bytes: "one", filename: "one.txt" });
    const fields = { title: "Renamed", filename: "one.txt" };
    const change = (parts: Parameters<typeof postFiles>[1], values = fields) =>
      call(
        edit,
        postFiles(`/documents/${id}/edit`, [...Object.entries(values), ...parts], ada.cookie),
        params(id),
      );
    expect((await change([])).status).toBe(303);
    expect((await open(ada, id)).data).toMatchObject({ title: "Renamed", filename: "one.txt", size: 3 });
    expect((await change([["file", { bytes: "second", filename: "two.md" }]])).status).toBe(303);
    expect((await open(ada, id)).data).toMatchObject({ title: "Renamed", filename: "two.md", size: 6 });
    expect((await change([], { ...fields, filename: "../three.md" })).status).toBe(303);
    const { bytes, headers } = await download(ada, id);
    expect([bytes.toString(), headers.get("Content-Disposition")]).toEqual([
      "second",
      'attachment; filename="three.md"',
    ]);
    await workOff();
    expect(filesUnder()).toEqual([(await Document.findByPk(id))!.key]);
    expect(await titles(ada, "?q=three")).toEqual(["Renamed"]);
  });
  it("goes to the trash, comes back as it was, and goes for good with its file", async () => {
    const id = await document(ada, { title: "Draft" });
    const deleted = await act(remove, ada, id);
    expect([deleted.status, deleted.headers.get("Location")]).toEqual([303, "/documents"]);
    expect(await titles(ada)).toEqual([]);
    expect((await open(ada, id)).status).toBe(404);
    expect((await download(ada, id)).status).toBe(404);
    const { data } = await call(trash, get("/documents/trash", ada.cookie));
    expect(data).toMatchObject({ rows: [{ id, title: "Draft" }], days: 30 });
    expect((await act(restore, ada, id)).status).toBe(303);
    expect((await download(ada, id)).bytes.toString()).toBe("Hello");
    expect((await act(erase, ada, id)).status).toBe(404);
    await act(remove, ada, id);
    expect((await act(erase, ada, id)).status).toBe(303);
    await workOff();
    expect([filesUnder(), await Document.count({ paranoid: false })]).toEqual([[], 0]);
  });
  it("that is deleted twice at once is deleted once; the other is told that it is not here", async () => {
    const id = await document(ada);
    const answers = await Promise.all([act(remove, ada, id), act(remove, ada, id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404]);
    expect(await Activity.count({ where: { model: "document", deed: "delete" } })).toBe(1);
  });
  it("of a person who is deleted stays with those who look after the vault", async () => {
    const id = await document(ada);
    await User.destroy({ where: { id: ada.user.id } });
    expect((await rows(boss)).rows).toMatchObject([{ id, owner: null }]);
    expect((await download(boss, id)).status).toBe(200);
  });
});

describe("a list of documents, however long,", () => {
  it("is read from an index in its order, one's own and everybody's, and none is sorted", async () => {
    for (const values of [{}, { isSuperuser: true }]) {
      const { user } = await person(`reader-${Object.keys(values)}`, values);
      const [list] = await statementsOf(() => Document.list(user, "", { offset: 5_000, limit: 50 }));
      expect(await ordersOf(list!)).toEqual([expect.stringMatching(/^documents_(of|all)$/)]);
    }
  });
});

describe("an upload of somebody who is not there any more when it has come", () => {
  it.each([
    ["is deleted", (id: number) => User.destroy({ where: { id } })],
    ["may not sign in any more", (id: number) => User.update({ isActive: false }, { where: { id } })],
  ])("because the person %s is a 404 and leaves nothing", async (_, change) => {
    const content = postFiles(
      "/documents/upload",
      [["file", { bytes: "late", filename: "late.txt" }]],
      ada.cookie,
    );
    const reader = content.body!.getReader();
    const body = new ReadableStream({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        await change(ada.user.id);
        controller.close();
      },
    });
    const { url, method, headers } = content;
    const slow = new Request(url, { method, headers, body, duplex: "half" } as RequestInit);
    expect((await call(upload, slow)).status).toBe(404);
    expect([filesUnder(), await Document.count()]).toEqual([[], 0]);
  });
});

describe("a file whose commit brings an error", () => {
  const parts = (title: string): Parameters<typeof postFiles>[1] => [
    ["title", title],
    ["filename", "new.txt"],
    ["file", { bytes: "new", filename: "new.txt" }],
  ];
  const replace = (id: number) =>
    call(edit, postFiles(`/documents/${id}/edit`, parts("New"), ada.cookie), params(id));
  const keys = async () => (await Document.findAll({ order: ["id"] })).map(({ key }) => key);

  it("stays where a document points to it: only the answer to the commit was lost", async () => {
    await send(ada, [["file", { bytes: "old", filename: "old.txt" }]]);
    unansweredCommit("the connection broke");
    await expect(send(ada, parts("Added"))).rejects.toThrow("the connection broke");
    expect(await titles(ada)).toEqual(["Added", "old"]);
    const { id } = (await Document.findOne({ where: { title: "old" } }))!;
    unansweredCommit("the connection broke");
    await expect(replace(id)).rejects.toThrow("the connection broke");
    await workOff();
    expect(filesUnder()).toEqual((await keys()).toSorted());
    expect((await download(ada, id)).bytes.toString()).toBe("new");
  });
  it("goes where none does, and the one before stays", async () => {
    const id = await document(ada);
    failingCommit("no room on the disk");
    await expect(send(ada, parts("Added"))).rejects.toThrow("no room on the disk");
    failingCommit("no room on the disk");
    await expect(replace(id)).rejects.toThrow("no room on the disk");
    await workOff();
    expect(filesUnder()).toEqual(await keys());
    expect((await download(ada, id)).bytes.toString()).toBe("Hello");
  });
  it("is left to the sweep where the database does not answer any more", async () => {
    vi.spyOn(Document, "pointsTo").mockRejectedValueOnce(new Error("the database is gone"));
    failingCommit("the database is gone");
    await expect(send(ada, parts("Added"))).rejects.toThrow("the database is gone");
    expect([filesUnder().length, await Document.count()]).toEqual([1, 0]);
    await sweep([files], { olderThan: 0 });
    expect(filesUnder()).toEqual([]);
  });
});

describe("who has opened and downloaded a document", () => {
  const seen = async (who: Person, id: number) =>
    (await open(who, id)).data.history.map(({ deed, by }: { deed: string; by: string }) => `${deed} ${by}`);
  it("is told to its owner by the history, once for what belongs together", async () => {
    const id = await document(ada, { bytes: "0123456789" });
    const member = await join(await person("grace"), "admin");
    await open(member, id);
    await open(member, id);
    await download(member, id, { Range: "bytes=0-3" });
    await download(member, id, { Range: "bytes=4-" });
    expect(await seen(ada, id)).toEqual(["open ada", "download grace", "open grace", "add ada"]);
  });
  it("is noted once where the parts of a download are asked for at the same moment", async () => {
    const row = await Document.findByPk(await document(ada), { rejectOnEmpty: true });
    await Promise.all(Array.from({ length: 5 }, () => row.noteReading("download", boss.user)));
    expect(await Activity.count({ where: { deed: "download" } })).toBe(1);
  });
  it("is noted anew for another file, and not where nothing was sent", async () => {
    const id = await document(ada);
    const { headers } = await download(boss, id, {}, "HEAD");
    await download(boss, id, { "If-None-Match": headers.get("ETag")! });
    await download(boss, id, { Range: "bytes=100-" });
    expect(await seen(ada, id)).not.toContain("download boss");
    await download(boss, id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const parts: Parameters<typeof postFiles>[1] = [
      ["title", "Hello"],
      ["filename", "hello.txt"],
      ["file", { bytes: "new", filename: "new.txt" }],
    ];
    await call(edit, postFiles(`/documents/${id}/edit`, parts, ada.cookie), params(id));
    await download(boss, id);
    expect((await seen(ada, id)).filter((line: string) => line === "download boss")).toHaveLength(2);
  });
  it("cannot be changed or deleted", async () => {
    const id = await document(ada);
    await open(boss, id);
    const [note] = await Activity.of("document", id);
    await expect(note!.update({ userName: "somebody" })).rejects.toThrow("stays on record");
    await expect(Activity.destroy({ where: { id: note!.id } })).rejects.toThrow("stays on record");
  });
});

describe("what one may not see", () => {
  it.each(["1", "0", "-1", "01", "1.0", "abc", "2147483648", "9".repeat(30), "1%00", "'", " 1", "１"])(
    "id %j is the same 404 as somebody else's",
    async (id) => {
      await document(boss);
      expect(await open(ada, id)).toEqual(await open(ada, 999));
    },
  );
  it.each<[string, (who: Person, id: number) => Promise<unknown>]>([
    ["its page", open],
    ["its form", (who, id) => call(editForm, get(`/documents/${id}/edit`, who.cookie), params(id))],
    ["a change of it", (who, id) => act(edit, who, id)],
    ["its download", download],
    ["its preview", (who, id) => call(preview, get(`/documents/${id}/preview`, who.cookie), params(id))],
    ["deleting it", (who, id) => act(remove, who, id)],
    ["restoring it", (who, id) => act(restore, who, id)],
    ["deleting it for good", (who, id) => act(erase, who, id)],
  ])(
    "takes for %s the same statements as what is not there: nothing tells them apart by time",
    async (_, ask) => {
      const forbidden = await document(boss);
      const trashed = await document(boss);
      await act(remove, boss, trashed);
      const steps = async (id: number) =>
        (await statementsOf(() => ask(ada, id))).map((sql) =>
          sql.replaceAll(/\b\d+\b/g, "n").replaceAll(/'[^']*'/g, "'…'"),
        );
      const missing = await steps(999);
      expect(missing.length).toBeGreaterThan(0);
      expect(await steps(forbidden)).toEqual(missing);
      expect(await steps(trashed)).toEqual(missing);
    },
  );
  it("is not replaced by who has lost the right to see it while their file came", async () => {
    const looksAfter = await join(ada, "admin");
    const id = await document(boss);
    const values = { title: "Changed", filename: "changed.txt" };
    await join(ada);
    expect(await Document.edit(id, values, undefined, looksAfter.user)).toBe(false);
    await User.update({ isActive: false }, { where: { id: boss.user.id } });
    expect(await Document.edit(id, values, undefined, boss.user)).toBe(false);
    expect(await Document.findByPk(id)).toMatchObject({ title: "Hello" });
  });
  it("shows in no list, no count, no search and no page number", async () => {
    for (let n = 0; n < 60; n += 1) await document(boss, { title: `Secret ${n}`, bytes: `${n}` });
    await act(remove, boss, (await Document.findOne())!.id);
    for (const query of ["", "?q=secret", "?page=2"])
      expect(await rows(ada, query)).toMatchObject({ rows: [], page: { total: 0, pages: 1, number: 1 } });
    const { data } = await call(trash, get("/documents/trash", ada.cookie));
    expect(data).toMatchObject({ rows: [], page: { total: 0 } });
  });
  it("is not restored or deleted for good by others", async () => {
    const id = await document(boss);
    await act(remove, boss, id);
    expect((await act(restore, ada, id)).status).toBe(404);
    expect((await act(erase, ada, id)).status).toBe(404);
    expect((await act(restore, boss, id)).status).toBe(303);
  });
  it("is no other file of the same content: nothing is shared between people", async () => {
    await document(boss, { bytes: "the same" });
    await document(ada, { bytes: "the same" });
    const [one, other] = await Document.findAll();
    expect(one!.sha256).toBe(other!.sha256);
    expect(one!.key).not.toBe(other!.key);
    expect(filesUnder()).toHaveLength(2);
  });
});
