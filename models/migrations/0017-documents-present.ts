import { Op } from "sequelize";
import { reindex } from "../schema/reindex";

const present = { where: { deleted_at: null } };

// As 0015-todos-present.
export const { up, down } = reindex(
  "documents",
  [
    { name: "documents_all", fields: ["deleted_at", "id"] },
    { name: "documents_of", fields: ["owner_id", "deleted_at", "id"] },
  ],
  [
    { name: "documents_all", fields: ["id", "deleted_at"], ...present },
    { name: "documents_of", fields: ["owner_id", "id", "deleted_at"], ...present },
    { name: "documents_trash", fields: ["deleted_at", "id"], where: { deleted_at: { [Op.ne]: null } } },
  ],
);
