import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Profile } from "#models/profile.server";
import { saveProfile, takePicture } from "~/features/profile/picture.server";
import { put } from "~/services/files.server";
import { filesUnder, plain } from "../helpers/uploads";
import { LONG, manage } from "./processes";

/** A site profile with a picture. */
async function saved() {
  const picture = await takePicture([await plain(50, 50).png().toBuffer()]);
  await saveProfile(null, { displayName: "Site", bio: "", picture }, null);
  return picture;
}
const orphan = () => put([Buffer.from("left behind")], { area: "avatars", extension: "webp" });

describe("files", { timeout: LONG }, () => {
  test("verify counts files by area, and is content where each is there and whole", async () => {
    await saved();
    await orphan();
    const { code, stdout, stderr } = await manage(["files", "verify"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^AREA +FILES +MISSING +DAMAGED +ORPHANS\n/);
    expect(stdout).toMatch(/^avatars +2 +0 +0 +1$/m);
  });

  test("verify names what is missing or damaged, and fails", async () => {
    const { avatar } = await saved();
    const missing = `avatars/${"0".repeat(32)}-${"0".repeat(32)}.webp`;
    await Profile.update({ smallAvatar: missing }, { where: {} });
    writeFileSync(join(process.env.UPLOADS!, avatar), "something else");
    const { code, stdout, stderr } = await manage(["files", "verify"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^avatars +2 +1 +1 +1$/m);
    expect(stderr).toBe(`missing: ${missing}\ndamaged: ${avatar}\n`);
  });

  test("sweep deletes what no row points to, once it is a day old or as old as is said", async () => {
    const picture = await saved();
    const { key } = await orphan();
    const young = await manage(["files", "sweep"]);
    expect(young.code).toBe(0);
    expect(young.stdout).toMatch(/^AREA +DELETED\n(.+\n)*avatars +0\n(.+\n)*tmp +0\n$/);
    const dry = await manage(["files", "sweep", "--older-than", "0", "--dry-run"]);
    expect(dry.stdout).toMatch(/^AREA +WOULD DELETE\n(.+\n)*avatars +1\n(.+\n)*tmp +0\n$/);
    expect(filesUnder()).toContain(key);
    const swept = await manage(["files", "sweep", "--older-than", "0"]);
    expect(swept.stdout).toMatch(/^AREA +DELETED\n(.+\n)*avatars +1\n(.+\n)*tmp +0\n$/);
    expect(filesUnder()).toEqual(Object.values(picture).sort());
  });

  test("takes nothing else", async () => {
    const wrong = [
      ["files"],
      ["files", "eat"],
      ["files", "sweep", "--older-than", "soon"],
      ["files", "verify", "x"],
    ];
    for (const { code, stdout } of await Promise.all(wrong.map((args) => manage(args)))) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
  });
});
