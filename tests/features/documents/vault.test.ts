import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { transaction } from "#models/database.server";
import { Document } from "#models/document.server";
import { Job } from "#models/job.server";
import { sweepTrash } from "#models/trash.server";
import { VaultCheck } from "#models/vault-check.server";
import { files as owner, seed } from "~/features/documents/feature.server";
import removeFiles from "~/features/documents/remove-files.server";
import { action as check, loader as vault } from "~/features/documents/vault";
import { verifyVault } from "~/features/documents/verify.server";
import verifyVaultJob from "~/features/documents/verify-vault.server";
import * as files from "~/services/files.server";
import { call, get, post } from "../../helpers/call";
import { filesUnder, noisy } from "../../helpers/uploads";
import { adminOf } from "../admin/admin";
import { document, join as joinGroups, type Person, person } from "./vault";

let ada: Person;
let boss: Person;
beforeEach(async () => {
  ada = await person("ada");
  boss = await person("boss", { isSuperuser: true });
});

const rowOf = async (id: number) => (await Document.findByPk(id, { paranoid: false }))!;
const pathOf = async (id: number) => join(process.env.UPLOADS!, (await rowOf(id)).key);
async function flip(path: string) {
  const bytes = readFileSync(path);
  bytes[0]! ^= 1;
  writeFileSync(path, bytes);
}
const run = { attempt: 1, signal: new AbortController().signal, finish: async () => {} };

describe("the check of the vault", () => {
  it("finds nothing where every file is whole, those in the trash too", async () => {
    await document(ada, { bytes: "12345" });
    await Document.moveToTrash(await document(ada, { bytes: "123" }), ada.user);
    expect(await verifyVault()).toMatchObject({ documents: 2, bytes: 8, problems: [], orphans: [] });
  });
  it("names what is missing, what is damaged, a preview too, and what belongs to no document", async () => {
    const [whole, gone, flipped, shown] = [
      await document(ada, { title: "Whole" }),
      await document(ada, { title: "Gone" }),
      await document(ada, { title: "Flipped" }),
      await document(ada, {
        title: "Picture",
        bytes: await noisy(300, 200).png().toBuffer(),
        filename: "x.png",
      }),
    ];
    rmSync(await pathOf(gone));
    await flip(await pathOf(flipped));
    const { preview } = await rowOf(shown);
    await flip(join(process.env.UPLOADS!, preview!));
    const { key: orphan } = await files.put([Buffer.from("left behind")], { area: "documents" });
    const found = await verifyVault();
    expect(found.problems).toEqual([
      { id: gone, title: "Gone", key: (await rowOf(gone)).key, problem: "missing" },
      { id: flipped, title: "Flipped", key: (await rowOf(flipped)).key, problem: "damaged" },
      { id: shown, title: "Picture", key: preview, problem: "damaged" },
    ]);
    expect(found.orphans).toEqual([orphan]);
    expect(found.problems.map(({ id }) => id)).not.toContain(whole);
  });
  it("finds a row whose checksums are not those of its file", async () => {
    const id = await document(ada);
    await Document.update({ sha256: "0".repeat(64) }, { where: { id } });
    const other = await document(ada);
    await Document.update({ blocks: Buffer.alloc(32) }, { where: { id: other } });
    expect((await verifyVault()).problems).toMatchObject([
      { id, problem: "damaged" },
      { id: other, problem: "damaged" },
    ]);
  });
  it("is asked for and looked at by superusers; for everybody else it is not there", async () => {
    const id = await document(ada, { title: "Flipped" });
    await flip(await pathOf(id));
    const member = await joinGroups(ada, "admin");
    const answers = [
      await call(vault, get("/documents/vault", member.cookie)),
      await call(check, post("/documents/vault", {}, member.cookie)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect((await call(vault, get("/documents/vault", boss.cookie))).data).toMatchObject({
      check: null,
      isRunning: false,
    });
    for (let n = 0; n < 2; n += 1)
      expect((await call(check, post("/documents/vault", {}, boss.cookie))).status).toBe(303);
    expect(await Job.count({ where: { name: "verify-vault" } })).toBe(1);
    expect((await call(vault, get("/documents/vault", boss.cookie))).data.isRunning).toBe(true);
    await verifyVaultJob({}, run);
    const { data } = await call(vault, get("/documents/vault", boss.cookie));
    expect(data.check).toMatchObject({
      documents: 1,
      problems: [{ id, title: "Flipped", problem: "damaged" }],
    });
  });
  it("stops where it is told to, and keeps the newest fifty of what it found", async () => {
    await document(ada);
    await expect(verifyVault(AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
    expect(await VaultCheck.newest()).toBeNull();
    for (let n = 0; n < 55; n += 1) await verifyVault();
    expect(await VaultCheck.count()).toBe(50);
  });
});

describe("files of the vault", () => {
  it("are known to `manage files`, with their previews", async () => {
    await document(ada, { bytes: await noisy(300, 200).png().toBuffer(), filename: "x.png" });
    await Document.moveToTrash(await document(ada), ada.user);
    expect(await files.verify([owner])).toMatchObject([{ files: 3, missing: [], damaged: [], orphans: [] }]);
  });
  it("of what the trash deletes for good after its days are removed by a job of the same transaction", async () => {
    const id = await document(ada, { bytes: await noisy(300, 200).png().toBuffer(), filename: "x.png" });
    const keys = (await rowOf(id)).fileKeys();
    await Document.moveToTrash(id, ada.user);
    await Document.update(
      { deletedAt: new Date(Date.now() - 31 * 86_400_000) },
      { where: { id }, paranoid: false },
    );
    expect(await sweepTrash()).toBe(1);
    const [job] = await Job.findAll({ where: { name: "remove-document-files" } });
    expect(job!.payload).toEqual({ keys });
    await removeFiles(job!.payload as { keys: string[] });
    expect(filesUnder()).toEqual([]);
  });
  it("stay where the deletion is rolled back", async () => {
    const id = await document(ada);
    const rolledBack = transaction(async (transaction) => {
      await Document.destroy({ where: { id }, force: true, transaction });
      throw new Error("rolled back");
    });
    await expect(rolledBack).rejects.toThrow("rolled back");
    expect([await Document.count(), await Job.count()]).toEqual([1, 0]);
  });
});

describe("documents in the admin", () => {
  it("can be looked at and deleted, and neither added nor changed; no key and no hash of a block is shown", async () => {
    const id = await document(ada, { title: "Contract" });
    const admin = adminOf((await adminCookie()).Cookie, "documents", "document");
    expect((await admin.list()).data.rows).toHaveLength(1);
    expect((await admin.addForm()).status).toBe(404);
    expect((await admin.change(id, { title: "Changed" })).status).toBe(404);
    expect(JSON.stringify((await admin.form(id)).data)).not.toContain((await rowOf(id)).key);
    expect((await admin.delete(id)).status).toBe(303);
    expect(await Document.trashedCount(ada.user)).toBe(1);
  });
});

/** A superuser who is staff, as the admin wants it. */
async function adminCookie() {
  const { User } = await import("#models/user.server");
  await User.update({ isStaff: true }, { where: { id: boss.user.id } });
  return boss.cookie;
}

describe("the demo data of documents", () => {
  it("is whole, of several people, and the same when it is added twice", async () => {
    await seed.run(10);
    await seed.run(10);
    expect(await Document.count()).toBe(10);
    expect(new Set((await Document.findAll()).map(({ ownerId }) => ownerId)).size).toBeGreaterThan(1);
    expect((await verifyVault()).problems).toEqual([]);
  });
});
