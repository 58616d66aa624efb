import { Document } from "#models/document.server";
import { User } from "#models/user.server";
import { VaultCheck } from "#models/vault-check.server";
import { adminEntry } from "~/services/admin.server";
import type { FileOwner } from "~/services/files.server";
import { demoDocument } from "./demo.server";
import { removeFiles, verifyFiles } from "./jobs.server";
import { AREA, keep } from "./keep.server";

export const name = "documents";

export const jobs = [removeFiles, verifyFiles];

export const files: FileOwner = { area: AREA, keys: () => Document.fileKeys() };

export const admin = [
  adminEntry<Document>({
    model: Document,
    list: ["title", "filename", "size", "ownerId", "createdAt"],
    search: ["title", "filename"],
    filters: ["ownerId", "createdAt"],
    ordering: ["-id"],
    secret: ["key", "search", "blocks", "preview"],
    labels: { filename: "File name", sha256: "SHA-256", changedAt: "Changed at" },
    // A file comes with its checksums, and a name with what is searched: the pages of the feature do that.
    viewOnly: true,
    viewOnSite: ({ id }) => `/documents/${id}`,
  }),
  adminEntry<VaultCheck>({
    model: VaultCheck,
    name: ({ finishedAt }) => finishedAt.toISOString(),
    list: [
      "finishedAt",
      "documents",
      "bytes",
      { label: "Missing or damaged", value: ({ problems }) => problems.length },
    ],
    ordering: ["-id"],
    viewOnly: true,
  }),
];

export const seed = {
  count: 12,
  /** Adds what is missing of the first `count` demo documents, of people who are there. */
  async run(count: number) {
    const people = await User.findAll({ order: ["id"], limit: 4 });
    if (people.length === 0) return;
    const rows = await Document.findAll({ attributes: ["filename"], paranoid: false, raw: true });
    const have = new Set(rows.map(({ filename }) => filename));
    for (let n = 0; n < count; n += 1) {
      const { title, filename, text } = demoDocument(n);
      if (have.has(filename)) continue;
      const content = await keep([Buffer.from(text)], filename);
      await Document.add([{ ...content, title }], people[n % people.length]!);
    }
  },
};
