import { Op } from "sequelize";
import { reindex } from "../schema/reindex";

const DUE_FIRST = ["due_on", { name: "created_at", order: "DESC" }, { name: "id", order: "DESC" }] as const;
const present = { where: { deleted_at: null } };

// As 0015-todos-present.
export const { up, down } = reindex(
  "tasks",
  [
    { name: "tasks_open", fields: ["deleted_at", "completed", ...DUE_FIRST] },
    { name: "tasks_of", fields: ["assignee_id", "deleted_at", "completed", ...DUE_FIRST] },
    { name: "tasks_done", fields: ["deleted_at", "completed", "completed_at", "id"] },
  ],
  [
    { name: "tasks_open", fields: ["completed", ...DUE_FIRST, "deleted_at"], ...present },
    { name: "tasks_of", fields: ["assignee_id", "completed", ...DUE_FIRST, "deleted_at"], ...present },
    { name: "tasks_done", fields: ["completed", "completed_at", "id", "deleted_at"], ...present },
    { name: "tasks_trash", fields: ["deleted_at", "id"], where: { deleted_at: { [Op.ne]: null } } },
  ],
);
