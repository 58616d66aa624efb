import { Op } from "sequelize";
import { type Picture, Profile, profileBio, profileName } from "#models/profile.server";
import { User } from "#models/user.server";
import { counted } from "~/components/counted";
import { PICTURE_KINDS } from "~/components/picture-kinds";
import { adminEntry } from "~/services/admin.server";
import type { FileOwner } from "~/services/files.server";
import { DEMO_PROFILES, painted } from "./demo.server";
import { AREA, pictureField, takePicture } from "./picture.server";

export const name = "profile";

export const admin = [
  adminEntry<Profile>({
    model: Profile,
    list: ["displayName", "userId", "updatedAt"],
    search: ["displayName", "bio"],
    filters: ["updatedAt"],
    ordering: ["displayName"],
    labels: { avatar: "Picture" },
    secret: ["smallAvatar"],
    files: {
      avatar: {
        field: pictureField,
        accept: PICTURE_KINDS,
        values: (picture: Picture | null) => picture ?? { avatar: null, smallAvatar: null },
        keys: (profile) => profile.fileKeys(),
      },
    },
    rules: { displayName: profileName, bio: profileBio },
    help: { userId: "Whose it is; the one without a user is the site’s own" },
    async refuse({ deed, row, values: { userId }, transaction }) {
      if (deed === "delete" || userId) return null;
      const where = { userId: null, id: { [Op.ne]: row?.id ?? 0 } };
      const isTaken = (await Profile.count({ where, transaction })) > 0;
      return isTaken ? { name: "user_id", message: "There is a profile of the site already" } : null;
    },
  }),
];

export const files: FileOwner = { area: AREA, keys: () => Profile.fileKeys() };

export async function figure() {
  const count = await Profile.count();
  return count > 0 ? counted(count, "profile") : null;
}

export const seed = {
  count: DEMO_PROFILES.length,
  /** Adds what is missing of the first `count` profiles, of people who are there. */
  async run(count: number) {
    for (const { username, hue, ...texts } of DEMO_PROFILES.slice(0, count)) {
      const user = username ? await User.named(username) : null;
      const userId = user?.id ?? null;
      if ((username && !user) || (await Profile.of(userId))) continue;
      const picture = hue === undefined ? {} : await takePicture([painted(hue)]);
      await Profile.create({ userId, ...texts, ...picture });
    }
  },
};
