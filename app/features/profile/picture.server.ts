/** Pictures of people in the file store. */
import type { Actor } from "#models/activity.server";
import { type NewProfile, type Owner, type Picture, Profile } from "#models/profile.server";
import * as files from "~/services/files.server";
import { webpSquares } from "~/services/images.server";
import { keepIfSaved } from "~/services/keep-if-saved.server";
import type { FileField } from "~/services/uploads.server";
import { PICTURE } from "./picture-limit";

export const AREA = "avatars";
/** Pixels of a side: as it is shown, and small. */
const SIDES = [512, 96];

/**
 * Keeps a picture in both sizes. Of what arrives nothing else outlives this.
 *
 * @throws FileRefused, with words for the person.
 */
export const takePicture = (bytes: files.Bytes): Promise<Picture> =>
  files.withTemporary(bytes, async (path) => {
    const keys: string[] = [];
    try {
      for (const square of await webpSquares(path, SIDES)) {
        keys.push((await files.put([square], { area: AREA, extension: "webp" })).key);
      }
    } catch (error) {
      await files.remove(...keys);
      throw error;
    }
    const [avatar, smallAvatar] = keys as [string, string];
    return { avatar, smallAvatar };
  });

const keysOf = ({ avatar, smallAvatar }: Picture) => [avatar, smallAvatar];

export const pictureField: FileField<Picture> = {
  ...PICTURE,
  take: takePicture,
  discard: (picture) => files.remove(...keysOf(picture)),
};

/**
 * Saves a profile, with a picture that is kept already. The one before goes when the row points to the new one.
 *
 * @returns whether the person is still there.
 */
export async function saveProfile(owner: Owner, values: NewProfile, by: Actor | null): Promise<boolean> {
  const keys = values.picture ? keysOf(values.picture) : [];
  const released = await keepIfSaved(Profile, keys, () => Profile.save(owner, values, by));
  await files.remove(...(released ?? []));
  return released !== null;
}
